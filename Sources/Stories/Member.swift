// SPDX-License-Identifier: Apache-2.0
// Each record declares its editorial members once, in `members`. JSON decoding and encoding, validation, patches, the names in the
// audit trail and the columns of a store are derived from these declarations.

/// A record with declared members. Equality compares all members, texts bytewise.
public protocol MemberRecord: MemberConvertible, Hashable {
    /// The members, in the order of the JSON encoding.
    static var members: [Member<Self>] { get }
    /// An empty record: required texts are empty, everything else has its default.
    static var blank: Self { get }
}

/// The part of a member's declaration that does not depend on the type of the record.
public struct MemberField: Sendable {
    /// The name in JSON.
    public let literal: StaticString
    /// The name as a string.
    public let name: String
    /// The type and constraints of its values.
    public let form: MemberForm
    /// Whether it may be null.
    public let isNullable: Bool
    /// Whether only the server sets it: what a client sends for it is ignored, so that it can send back what it has read.
    public let isReadOnly: Bool
}

/// A member of a record.
public struct Member<Record>: Sendable {
    /// Its name and form.
    public let field: MemberField
    /// Whether it is metadata (tags, pinned, key event), whose changes do not mark the update as edited.
    let isMark: Bool
    private let path: any PartialKeyPath<Record> & Sendable
    private let read: @Sendable (Record) -> MemberValue
    private let write: @Sendable (inout Record, MemberValue) -> Void

    init<Value: MemberConvertible>(
        _ name: StaticString, _ path: any WritableKeyPath<Record, Value> & Sendable, _ form: MemberForm,
        isMark: Bool = false, isReadOnly: Bool = false
    ) {
        field = MemberField(
            literal: name, name: "\(name)", form: form, isNullable: Value.isNullable, isReadOnly: isReadOnly)
        self.isMark = isMark
        self.path = path
        // Access to a stored property by its offset takes half the time of a key path.
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

    /// Whether it is the member with this key path.
    func isAt(_ path: PartialKeyPath<Record>) -> Bool { path == self.path as PartialKeyPath<Record> }

    /// Returns the member's value.
    public func value(of record: Record) -> MemberValue { read(record) }

    /// Sets the member; a value of another type is ignored.
    public func set(_ value: MemberValue, of record: inout Record) { write(&record, value) }

    /// Sets the member as a merge patch does (RFC 7396 §2): objects are merged, everything else is replaced.
    func merge(_ value: MemberValue, into record: inout Record) {
        set(field.form.normalized(value).merged(into: read(record)), of: &record)
    }
}

extension MemberRecord {
    /// Equality of all members, texts bytewise.
    public static func == (left: Self, right: Self) -> Bool {
        members.allSatisfy { $0.value(of: left) == $0.value(of: right) }
    }

    /// Hashes the members, texts by their bytes.
    public func hash(into hasher: inout Hasher) {
        for member in Self.members { hasher.combine(member.value(of: self)) }
    }

    /// The members as an object.
    public var memberValue: MemberValue { .object(Self.members.map { $0.value(of: self) }) }

    /// Creates a blank record with the parts of the object; `nil` if the value is not an object.
    public init?(memberValue value: MemberValue) {
        guard case .object(let parts) = value else { return nil }
        self = .blank
        for (member, part) in zip(Self.members, parts) {
            if let part { member.set(part, of: &self) }
        }
    }
}
