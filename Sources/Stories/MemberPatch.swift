// SPDX-License-Identifier: Apache-2.0
/// What a write does to a member: leaves it, or gives it a value.
public enum PatchField<Value: Sendable>: Sendable {
    case unchanged
    case set(Value)

    var isSet: Bool {
        if case .set = self { true } else { false }
    }
}

/// What a write does to the members of a record: those that it names get other values. A new record is this applied to a blank one, an
/// edit (RFC 7396) to the one that stands.
public struct MemberPatch<Record: MemberRecord>: Sendable {
    /// In the order of the members; `nil` where one is not named.
    private var values: [MemberValue?]

    /// A patch that names the members that `value` is not nil for.
    public init(_ value: (MemberField) -> MemberValue? = { _ in nil }) {
        values = Record.members.map { value($0.field) }
    }

    /// A patch that names every member.
    public init(_ record: Record) {
        values = Record.members.map { $0.value(of: record) }
    }

    /// What becomes of one member.
    public subscript<Value: MemberConvertible>(_ path: WritableKeyPath<Record, Value>) -> PatchField<Value> {
        get {
            let value = Record.members.firstIndex { $0.isAt(path) }.flatMap { values[$0] }
            return value.flatMap(Value.init(memberValue:)).map { .set($0) } ?? .unchanged
        }
        set {
            guard let index = Record.members.firstIndex(where: { $0.isAt(path) }) else { return }
            if case .set(let value) = newValue {
                values[index] = value.memberValue
            } else {
                values[index] = nil
            }
        }
    }

    /// The names of the members that the patch names.
    public var memberNames: [String] {
        zip(Record.members, values).compactMap { $1 == nil ? nil : $0.field.name }
    }

    /// What is wrong with the members named, each looked at by itself; places are below `base`.
    public func errors(at base: String = "") -> [ValidationError] {
        var validator = Validator()
        for (member, value) in zip(Record.members, values) {
            if let value { validator.value(value, member.field.form, at: "\(base)/\(member.field.name)") }
        }
        return validator.errors
    }

    /// Changes the record.
    public func apply(to record: inout Record) {
        for (member, value) in zip(Record.members, values) {
            if let value { member.merge(value, into: &record) }
        }
    }
}
