// SPDX-License-Identifier: Apache-2.0
internal import JSON
internal import Stories
internal import StoriesJSON

// Decoding of the members of records, each by its form.

extension MemberPatch {
    /// Creates a patch from the members present in an object.
    init(_ decoder: inout JSONObjectDecoder) {
        self.init { decoder.value(of: $0) }
    }
}

extension MemberRecord {
    /// Creates a complete record. Invalid members are replaced by valid samples, so that domain validation reports its errors, too.
    init?(_ value: JSONValue, at place: () -> String, _ errors: inout [ValidationError]) {
        guard let item = JSONObjectDecoder.item(value, .object(of: Self.self), at: place, &errors) else {
            return nil
        }
        self.init(memberValue: item)
    }
}

extension JSONObjectDecoder {
    /// Decodes a member; `nil` if it is absent, read-only or, which is an error, not of the member's form.
    mutating func value(of field: MemberField) -> MemberValue? {
        if field.isReadOnly {
            ignore(field.name)
            return nil
        }
        switch field.form {
        case .list(let form, _):
            if field.isNullable, takesNull(field.name) { return .null }
            return list(field.name) { Self.item($0, form, at: $1, &$2) }.given.map(MemberValue.list)
        case .object(let fields):
            // An object without optional members, such as a point, is not merged but replaced.
            let isNew = isNew || !fields.contains(where: \.isNullable)
            let parts = object(field.name) { $0.namedParts(fields, isNew: isNew) }.given
            return parts.map { $0.map(MemberValue.object) ?? .null }
        default:
            let read = { MemberValue($0, field.form) }
            guard field.isNullable else {
                return member(field.name, field.form.kind, rule: field.form.rule, read).given
            }
            let value = nullableMember(field.name, field.form.kind, rule: field.form.rule, read).given
            return value.map { $0 ?? .null }
        }
    }

    /// Decodes the members present in a merge patch of an object; a new object must have all that are not nullable.
    private mutating func namedParts(_ fields: [MemberField], isNew: Bool) -> [MemberValue?] {
        fields.map { field in
            if isNew, !field.isNullable { require(field.name) }
            return value(of: field)
        }
    }

    /// Decodes all members of an object. A valid sample replaces a required one that is missing or invalid, so that validation of the
    /// others goes on.
    private mutating func allParts(_ fields: [MemberField]) -> [MemberValue?] {
        fields.map { field in
            if field.isNullable { return value(of: field) ?? .null }
            require(field.name)
            return value(of: field) ?? field.form.sample
        }
    }

    fileprivate static func item(
        _ value: JSONValue, _ form: MemberForm, at place: () -> String, _ errors: inout [ValidationError]
    ) -> MemberValue? {
        if case .object(let fields) = form {
            var decoder = JSONObjectDecoder(value, at: place())
            let parts = decoder.allParts(fields)
            errors += decoder.finish()
            return .object(parts)
        }
        if value.text == nil {
            errors.append(ValidationError(place(), "must be a string, not \(value.kind)"))
        }
        return value.text.map(MemberValue.text)
    }
}

extension MemberForm {
    /// The JSON type of its values, as named in error messages.
    fileprivate var kind: String {
        switch self {
        case .text, .time, .identifier, .choice: "a string"
        case .flag: "a boolean"
        case .integer: "a number"
        case .list: "an array"
        case .object: "an object"
        }
    }

    /// The rule that values of that type must satisfy, as named in error messages.
    fileprivate var rule: String {
        switch self {
        case .time: JSONObjectDecoder.timeRule
        case .integer: JSONObjectDecoder.integerRule
        case .identifier: JSONObjectDecoder.identifierRule
        case .choice(let names): JSONObjectDecoder.choiceRule(names)
        case .text, .flag, .list, .object: "must be \(kind)"
        }
    }
}

extension MemberValue {
    /// Creates a value from client input; Markdown loses its byte order mark.
    fileprivate init?(_ json: JSONValue, _ form: MemberForm) {
        if case .text(.markdown) = form, case .string(let text) = json {
            self = .text(text.withoutByteOrderMark)
        } else {
            self.init(written: json, form)
        }
    }
}
