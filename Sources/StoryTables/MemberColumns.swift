// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import JSON
internal import Stories
internal import StoriesJSON

/// The columns that store the members of a record, named after them: `key_event` holds `keyEvent`. An object has a column for each
/// of its members (`source_name`); a list is a JSON array.
struct MemberColumns: Sendable {
    private let names: [String]

    init<Record: MemberRecord>(of _: Record.Type) {
        names = Record.members.flatMap { Self.names(of: $0.field, "") }
    }

    private static func names(of field: MemberField, _ prefix: String) -> [String] {
        let name = prefix + snakeCase(field.name)
        guard case .object(let fields) = field.form else { return [name] }
        return fields.flatMap { names(of: $0, name + "_") }
    }

    private static func snakeCase(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }

    /// Returns the column list for SELECT and INSERT: `title, body`, or with a table alias `u.title, u.body`.
    func list(of table: String? = nil) -> String {
        names.map { (table.map { $0 + "." } ?? "") + $0 }.joined(separator: ", ")
    }

    /// The parameters for VALUES: `?, ?`.
    var places: String { names.map { _ in "?" }.joined(separator: ", ") }

    /// The assignments for UPDATE: `title = ?, body = ?`.
    var assignments: String { names.map { $0 + " = ?" }.joined(separator: ", ") }
}

extension UpdateContent {
    static let columns = MemberColumns(of: UpdateContent.self)
}

extension StoryContent {
    static let columns = MemberColumns(of: StoryContent.self)
}

/// The values of a record's members, in the order of its columns.
struct MemberCells<Record: MemberRecord>: Bindable {
    private let record: Record

    init(_ record: Record) { self.record = record }

    func append(to values: inout [Value]) {
        for member in Record.members { member.value(of: record).append(to: &values, member.field.form) }
    }
}

extension MemberValue {
    fileprivate func append(to values: inout [Value], _ form: MemberForm) {
        switch (self, form) {
        case (.object(let parts), .object(let fields)):
            for (field, part) in zip(fields, parts) { (part ?? .null).append(to: &values, field.form) }
        case (_, .object(let fields)):
            for field in fields { MemberValue.null.append(to: &values, field.form) }
        case (.list(let items), _): values.append(.text(items.isEmpty ? "[]" : column(self, form)))
        case (.text(let text), _): values.append(text.value)
        case (.flag(let flag), _): values.append(flag.value)
        case (.integer(let integer), _): values.append(integer.value)
        case (.time(let time), _): values.append(time.value)
        case (.identifier(let id), _): values.append(id.value)
        case (.null, _), (.object, _): values.append(.null(form.kind))
        }
    }
}

extension MemberForm {
    /// The column type of its values.
    fileprivate var kind: Value.Kind {
        switch self {
        case .text, .choice, .list, .object: .text
        case .flag, .time, .integer: .integer
        case .identifier: .bytes
        }
    }
}

extension Row {
    /// Reads a record from the next columns. Damaged members are omitted, because the rest is still worth showing.
    mutating func record<Record: MemberRecord>() -> Record {
        var record = Record.blank
        for member in Record.members { member.set(value(member.field.form), of: &record) }
        return record
    }

    private mutating func value(_ form: MemberForm) -> MemberValue {
        switch form {
        case .text: optionalText().map(MemberValue.text) ?? .null
        // An unknown name falls back to the first one, which is the safest.
        case .choice(let names): .text(optionalText().flatMap { names.contains($0) ? $0 : nil } ?? names[0])
        case .flag: optionalInteger().map { .flag($0 != 0) } ?? .null
        case .time: optionalTimestamp().map(MemberValue.time) ?? .null
        case .integer: optionalInteger().map { .integer(Int($0)) } ?? .null
        case .identifier: optionalIdentifier().map(MemberValue.identifier) ?? .null
        case .list: list(form)
        case .object(let fields): object(fields)
        }
    }

    /// Reads an object, which is null if one of its required members is.
    private mutating func object(_ fields: [MemberField]) -> MemberValue {
        let parts = fields.map { value($0.form) }
        let isWhole = zip(fields, parts).allSatisfy { $0.isNullable || $1 != .null }
        return isWhole ? .object(parts) : .null
    }

    /// Reads a list; null, which only some lists can be, from NULL. Fast path: empty lists, the common case, are not parsed.
    fileprivate mutating func list(_ form: MemberForm) -> MemberValue {
        withBytes { bytes in
            if bytes.isEmpty { return .null }
            guard bytes.count > 2, let json = try? JSONValue(parsing: Array(bytes)) else { return .list([]) }
            return MemberValue(written: json, form) ?? .list([])
        }
    }
}

extension Row {
    /// Reads the next column as a list of records.
    mutating func records<Record: MemberRecord>(_ form: MemberForm) -> [Record] {
        [Record](memberValue: list(form)) ?? []
    }

    /// Reads the next column as a list of strings, as written by ``column(_:)``.
    mutating func texts() -> [String] { [String](memberValue: list(textList)) ?? [] }
}

extension Row {
    /// Reads the next column as cards.
    mutating func cards() -> [Card] { (records(cardList) as [CardText]).map(Card.init) }
}

/// Returns the texts of cards as a JSON array. Fast path: most updates have none.
func column(_ cards: [Card]) -> String {
    cards.isEmpty ? "[]" : column(cards.map(\.text).memberValue, cardList)
}

private let cardList = MemberForm.list(.object(of: CardText.self), atMost: Limits.cards)

/// Returns a list of strings as a JSON array.
func column(_ list: [String]) -> String { column(list.memberValue, textList) }

private func column(_ value: MemberValue, _ form: MemberForm) -> String {
    var writer = JSONWriter()
    writer.write(value, form)
    return String(decoding: writer.bytes, as: UTF8.self)
}

private let textList = MemberForm.list(.text(.lines(atMost: .max)), atMost: .max)
