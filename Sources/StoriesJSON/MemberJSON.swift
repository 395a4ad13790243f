// SPDX-License-Identifier: Apache-2.0
public import JSON
public import Stories

// JSON forms of member values: on the wire, and in the columns that hold lists.

extension JSONWriter {
    /// Writes a member of the open object, with its value in a record.
    public mutating func member<Record>(_ member: Member<Record>, of record: Record) {
        self.member(member.field.literal) { $0.write(member.value(of: record), member.field.form) }
    }

    /// Writes the members of a record into the open object.
    public mutating func members<Record: MemberRecord>(of record: Record) {
        for member in Record.members { self.member(member, of: record) }
    }

    /// Writes a value of the given form.
    public mutating func write(_ value: MemberValue, _ form: MemberForm) {
        switch (value, form) {
        case (.null, _): raw("null".utf8)
        case (.text(let text), _): string(text)
        case (.flag(let flag), _): flag.write(to: &self)
        case (.integer(let integer), _): integer.write(to: &self)
        case (.time(let time), _): plainString(count: Timestamp.textBytes, time.write)
        case (.identifier(let id), _): plainString(count: Identifier.textBytes, id.write)
        case (.list(let items), .list(let form, _)):
            array { writer in for item in items { writer.write(item, form) } }
        case (.object(let parts), .object(let fields)):
            object { writer in
                for (field, part) in zip(fields, parts) {
                    writer.member(field.literal) { $0.write(part ?? .null, field.form) }
                }
            }
        case (.list, _), (.object, _): raw("null".utf8)
        }
    }
}

extension MemberValue {
    /// Creates a value from JSON that ``JSON/JSONWriter/write(_:_:)`` has written; `nil` if it is damaged. Damaged items of a list are
    /// dropped, damaged nullable members of an object become null.
    public init?(written json: JSONValue, _ form: MemberForm) {
        switch (form, json) {
        case (.text, .string(let text)): self = .text(text)
        case (.choice(let names), .string(let text)):
            guard names.contains(where: { $0.hasSameBytes(as: text) }) else { return nil }
            self = .text(text)
        case (.flag, .bool(let flag)): self = .flag(flag)
        case (.integer, .number):
            guard let integer = json.integer else { return nil }
            self = .integer(integer)
        case (.time, .string(let text)):
            guard let time = Timestamp(text) else { return nil }
            self = .time(time)
        case (.identifier, .string(let text)):
            guard let id = Identifier(text) else { return nil }
            self = .identifier(id)
        case (.list(let form, _), .array(let items)):
            self = .list(items.compactMap { MemberValue(written: $0, form) })
        case (.object(let fields), .object):
            var parts: [MemberValue?] = []
            for field in fields {
                let part = json[field.name].flatMap { MemberValue(written: $0, field.form) }
                guard part != nil || field.isNullable else { return nil }
                parts.append(part ?? .null)
            }
            self = .object(parts)
        default: return nil
        }
    }
}
