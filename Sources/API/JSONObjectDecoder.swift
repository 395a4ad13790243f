// SPDX-License-Identifier: Apache-2.0
internal import JSON
internal import Stories

/// Decodes the members of a JSON object and collects all errors: missing members, those of the wrong type, and unknown ones,
/// so that typos are reported.
struct JSONObjectDecoder {
    private(set) var errors: [ValidationError] = []
    /// Whether the object creates something, so that members which a patch may omit are required.
    var isNew = false
    /// JSON Pointer of the object in the body.
    let base: String
    private let members: [JSONValue.Member]
    private var asked: [String] = []
    private var required: [String] = []

    /// Creates a decoder. Anything but an object is an error, and is decoded as an object without members.
    init(_ value: JSONValue, at base: String) {
        self.base = base
        if case .object(let members) = value {
            self.members = members
            asked.reserveCapacity(Self.usualMembers)
        } else {
            members = []
            errors.append(ValidationError(base, "must be an object, not \(value.kind)"))
        }
    }

    /// Returns a member of any type; `nil` if absent.
    mutating func value(_ name: String) -> JSONValue? {
        asked.append(name)
        return find(name)
    }

    /// Linear search: objects have few members.
    private func find(_ name: String) -> JSONValue? {
        members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    private static let usualMembers = 12

    /// Decodes a member by `read`. A value of another kind is an error, and so is one for which `read` returns `nil`: it
    /// violates `rule`.
    mutating func member<Value>(
        _ name: String, _ kind: String, rule: @autoclosure () -> String, _ read: (JSONValue) -> Value?
    ) -> PatchField<Value> {
        guard let value = value(name) else { return .unchanged }
        if let read = read(value) { return .set(read) }
        fault(name, value.kind == kind ? rule() : "must be \(kind), not \(value.kind)")
        return .unchanged
    }

    /// Decodes a member that may be null.
    mutating func nullableMember<Value>(
        _ name: String, _ kind: String, rule: @autoclosure () -> String, _ read: (JSONValue) -> Value?
    ) -> PatchField<Value?> {
        if takesNull(name) { return .set(nil) }
        return member(name, kind, rule: rule()) { read($0).map(Optional.some) }
    }

    /// Takes a member that is null; returns whether it is.
    mutating func takesNull(_ name: String) -> Bool {
        guard case .null? = find(name) else { return false }
        asked.append(name)
        return true
    }

    /// Accepts a member with any value.
    mutating func ignore(_ name: String) { _ = value(name) }

    /// Adds an error if the member is absent. A required list cannot be null.
    mutating func require(_ name: String) {
        required.append(name)
        if find(name) == nil { fault(name, "is required") }
    }

    mutating func fault(_ name: String, _ detail: String) {
        errors.append(ValidationError(pointer(name), detail))
    }

    mutating func add(_ more: [ValidationError]) {
        errors += more
    }

    /// Returns the JSON Pointer of a member (RFC 6901 §3). Overlong names are truncated.
    func pointer(_ name: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in name.unicodeScalars.prefix(Self.nameCharactersShown) {
            switch scalar {
            case "~": escaped.append(contentsOf: "~0".unicodeScalars)
            case "/": escaped.append(contentsOf: "~1".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return base + "/" + String(escaped)
    }

    private static let nameCharactersShown = 128

    /// Bound on unknown members for which a suggestion is computed, which is costly.
    private static let suggestions = 20

    /// Returns all errors, including those for members that were never read.
    consuming func finish() -> [ValidationError] {
        let unknown = members.map(\.name).filter { name in
            !asked.contains { $0.utf8.elementsEqual(name.utf8) }
        }
        for (index, name) in unknown.enumerated() {
            let near = index < Self.suggestions ? SpellingSuggestion.nearest(to: name, among: asked) : nil
            fault(name, "is not a known member" + (near.map { "; did you mean \"\($0)\"?" } ?? ""))
        }
        return errors
    }
}

extension JSONValue {
    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    var bool: Bool? {
        if case .bool(let bool) = self { bool } else { nil }
    }

    var timestamp: Timestamp? {
        text.flatMap(Timestamp.init)
    }
}

// MARK: Types of members

extension JSONObjectDecoder {
    mutating func text(_ name: String) -> PatchField<String> {
        member(name, "a string", rule: "must be a string", \.text)
    }

    mutating func bool(_ name: String) -> PatchField<Bool> {
        member(name, "a boolean", rule: "must be a boolean", \.bool)
    }

    mutating func time(_ name: String) -> PatchField<Timestamp> {
        member(name, "a string", rule: Self.timeRule, \.timestamp)
    }

    mutating func nullableTime(_ name: String) -> PatchField<Timestamp?> {
        nullableMember(name, "a string", rule: Self.timeRule, \.timestamp)
    }

    static let timeRule = "must be an RFC 3339 time such as 2026-11-23T20:27:00Z"

    static let integerRule = "must be a whole number that is not huge"

    mutating func nullableIdentifier(_ name: String) -> PatchField<Identifier?> {
        nullableMember(name, "a string", rule: Self.identifierRule) { $0.text.flatMap { Identifier($0) } }
    }

    static let identifierRule = "must be an id: a UUID in its 36 characters"

    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _: Choice.Type = Choice.self
    ) -> PatchField<Choice> where Choice.RawValue == String {
        member(name, "a string", rule: Self.choiceRule(Choice.allCases.map(\.rawValue))) {
            $0.text.flatMap { Choice(exactly: $0) }
        }
    }

    static func choiceRule(_ names: [String]) -> String {
        "must be one of: " + names.map { "\"\($0)\"" }.joined(separator: ", ")
    }

    /// Decodes a list by `read`, which gets the JSON Pointer of an item and adds its errors. Null empties a list that is not required
    /// (RFC 7396: removes it).
    mutating func list<Item>(
        _ name: String, _ read: (JSONValue, () -> String, inout [ValidationError]) -> Item?
    ) -> PatchField<[Item]> {
        guard let value = value(name) else { return .unchanged }
        switch value {
        case .null where !required.contains(name): return .set([])
        case .array(let values):
            var (items, errors) = ([Item](), [ValidationError]())
            items.reserveCapacity(values.count)
            for (index, value) in values.enumerated() {
                if let item = read(value, { "\(pointer(name))/\(index)" }, &errors) { items.append(item) }
            }
            add(errors)
            // With an item missing, the indices in the errors of domain validation would be off.
            return items.count == values.count ? .set(items) : .unchanged
        default:
            fault(name, "must be an array, not \(value.kind)")
            return .unchanged
        }
    }

    /// Decodes a list of objects. Invalid items are decoded all the same, so that domain validation reports their errors, too.
    mutating func objects<Item>(_ name: String, _ read: (inout JSONObjectDecoder) -> Item) -> PatchField<
        [Item]
    > {
        list(name) { value, place, errors in
            var reader = JSONObjectDecoder(value, at: place())
            let item = read(&reader)
            errors += reader.finish()
            return item
        }
    }

    /// Decodes an object that may be null.
    mutating func object<Item>(_ name: String, _ read: (inout JSONObjectDecoder) -> Item) -> PatchField<Item?>
    {
        guard let value = value(name) else { return .unchanged }
        if value == .null { return .set(nil) }
        var reader = JSONObjectDecoder(value, at: pointer(name))
        let item = read(&reader)
        errors += reader.finish()
        return .set(item)
    }

    /// Decodes a required text. If it is absent, adds an error and returns `placeholder`, which is valid, so that validation of
    /// the other members goes on.
    mutating func requiredText(_ name: String, placeholder: String = "-") -> String {
        require(name)
        return text(name).given ?? placeholder
    }
}

extension PatchField {
    /// The value, if the field is set.
    var given: Value? {
        if case .set(let value) = self { value } else { nil }
    }
}
