// SPDX-License-Identifier: Apache-2.0
/// The patch of one member: unchanged, or set to a value.
public enum PatchField<Value: Sendable>: Sendable {
    case unchanged
    case set(Value)

    var isSet: Bool {
        if case .set = self { true } else { false }
    }
}

/// A merge patch (RFC 7396) of a record: sets the members that it names. An edit applies it to the present record, a creation to a
/// blank one.
public struct MemberPatch<Record: MemberRecord>: Sendable {
    /// In the order of the members; `nil` for members that the patch does not name.
    private var values: [MemberValue?]

    /// Creates a patch of the members for which `value` returns a value.
    public init(_ value: (MemberField) -> MemberValue? = { _ in nil }) {
        values = Record.members.map { value($0.field) }
    }

    /// Creates a patch that sets every member.
    public init(_ record: Record) {
        values = Record.members.map { $0.value(of: record) }
    }

    /// The patch of one member.
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

    /// The names of the members in the patch.
    public var memberNames: [String] {
        zip(Record.members, values).compactMap { $1 == nil ? nil : $0.field.name }
    }

    /// Returns the violations of each member by itself; pointers are below `base`.
    public func errors(at base: String = "") -> [ValidationError] {
        var validator = Validator()
        for (member, value) in zip(Record.members, values) {
            if let value { validator.value(value, member.field.form, at: "\(base)/\(member.field.name)") }
        }
        return validator.errors
    }

    /// Applies the patch to the record.
    public func apply(to record: inout Record) {
        for (member, value) in zip(Record.members, values) {
            if let value { member.merge(value, into: &record) }
        }
    }
}
