// SPDX-License-Identifier: Apache-2.0
// The members that editors write are listed once, in `members` of each record. What is read from JSON and written to it, the rules, what
// a patch changes, the names in the audit trail and the columns of a store all follow from these lists.

/// A thing whose members are listed. Two are equal when all members are, texts by their bytes.
public protocol MemberRecord: MemberConvertible, Hashable {
    /// The members, in the order that they have in JSON.
    static var members: [Member<Self>] { get }
    /// One without values: required texts are empty, everything else is as in a new record.
    static var blank: Self { get }
}

/// What is the same of a member in every record that has it.
public struct MemberField: Sendable {
    /// The name in JSON.
    public let literal: StaticString
    /// The name as a text.
    public let name: String
    /// What its values look like.
    public let form: MemberForm
    /// Whether it may be null.
    public let isNullable: Bool
}

/// A member of a record.
public struct Member<Record>: Sendable {
    /// Its name and form.
    public let field: MemberField
    /// Whether it says something about a text without being part of it: a change does not count as an edit of the text.
    let isMark: Bool
    private let path: any PartialKeyPath<Record> & Sendable
    private let read: @Sendable (Record) -> MemberValue
    private let write: @Sendable (inout Record, MemberValue) -> Void

    init<Value: MemberConvertible>(
        _ name: StaticString, _ path: any WritableKeyPath<Record, Value> & Sendable, _ form: MemberForm,
        isMark: Bool = false
    ) {
        field = MemberField(literal: name, name: "\(name)", form: form, isNullable: Value.isNullable)
        self.isMark = isMark
        self.path = path
        // A stored property has a place in the record; to go there takes half the time that a key path takes.
        let offset = MemoryLayout<Record>.offset(of: path)
        read = { record in
            guard let offset else { return record[keyPath: path].memberValue }
            return withUnsafeBytes(of: record) {
                let place = $0.baseAddress?.advanced(by: offset)
                return place?.assumingMemoryBound(to: Value.self).pointee.memberValue ?? .null
            }
        }
        write = { if let value = Value(memberValue: $1) { $0[keyPath: path] = value } }
    }

    /// Whether it is the member at a path.
    func isAt(_ path: PartialKeyPath<Record>) -> Bool { path == self.path as PartialKeyPath<Record> }

    /// The value of the member.
    public func value(of record: Record) -> MemberValue { read(record) }

    /// Sets the member; a value of another form is ignored.
    public func set(_ value: MemberValue, of record: inout Record) { write(&record, value) }

    /// Sets the member as a merge patch does (RFC 7396 §2): objects are merged, everything else is replaced.
    func merge(_ value: MemberValue, into record: inout Record) {
        set(field.form.normalized(value).merged(into: read(record)), of: &record)
    }
}

extension MemberRecord {
    /// The same in every member, to the byte.
    public static func == (left: Self, right: Self) -> Bool {
        members.allSatisfy { $0.value(of: left) == $0.value(of: right) }
    }

    /// Hashes the members, texts by their bytes.
    public func hash(into hasher: inout Hasher) {
        for member in Self.members { hasher.combine(member.value(of: self)) }
    }

    /// The members as the parts of an object.
    public var memberValue: MemberValue { .object(Self.members.map { $0.value(of: self) }) }

    /// A record of the parts that an object has; `nil` for another value.
    public init?(memberValue value: MemberValue) {
        guard case .object(let parts) = value else { return nil }
        self = .blank
        for (member, part) in zip(Self.members, parts) {
            if let part { member.set(part, of: &self) }
        }
    }
}
