// SPDX-License-Identifier: Apache-2.0
internal import JSON
internal import Stories
internal import StoriesJSON

// Reads the members of records, by the form that each has.

extension MemberPatch {
    /// The members that an object names.
    init(_ decoder: inout JSONObjectDecoder) {
        self.init { decoder.value(of: $0) }
    }
}

extension MemberRecord {
    /// The record of an object that has to be whole. A faulty one is read all the same, so that the domain's rules find their faults, too.
    init?(_ value: JSONValue, at place: () -> String, _ errors: inout [ValidationError]) {
        guard let item = JSONObjectDecoder.item(value, .object(of: Self.self), at: place, &errors) else {
            return nil
        }
        self.init(memberValue: item)
    }
}

extension JSONObjectDecoder {
    /// The value of a member; `nil` where it is not given or not of the member's form, which is a fault.
    mutating func value(of field: MemberField) -> MemberValue? {
        switch field.form {
        case .list(let form, _):
            return list(field.name) { Self.item($0, form, at: $1, &$2) }.given.map(MemberValue.list)
        case .object(let fields):
            let isNew = isNew
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

    /// The members that a merge patch of an object names; a new object must name those that may not be null.
    private mutating func namedParts(_ fields: [MemberField], isNew: Bool) -> [MemberValue?] {
        fields.map { field in
            if isNew, !field.isNullable { require(field.name) }
            return value(of: field)
        }
    }

    /// All members of an object. For one that it cannot do without and that is missing or faulty, a value that breaks no rule stands
    /// in while the other members are looked at.
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
    /// What kind of JSON value its values are, in the words of an error message.
    fileprivate var kind: String {
        switch self {
        case .text, .time, .identifier, .choice: "a string"
        case .flag: "a boolean"
        case .pixels: "a number"
        case .list: "an array"
        case .object: "an object"
        }
    }

    /// What a value of that kind has to be.
    fileprivate var rule: String {
        switch self {
        case .time: JSONObjectDecoder.timeRule
        case .pixels: JSONObjectDecoder.integerRule
        case .identifier: JSONObjectDecoder.identifierRule
        case .choice(let names): JSONObjectDecoder.choiceRule(names)
        case .text, .flag, .list, .object: "must be \(kind)"
        }
    }
}

extension MemberValue {
    /// A value as clients send it.
    fileprivate init?(_ json: JSONValue, _ form: MemberForm) {
        if case .text(.markdown) = form, case .string(let text) = json {
            self = .text(text.withoutByteOrderMark)
        } else {
            self.init(written: json, form)
        }
    }
}
