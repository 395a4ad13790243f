// SPDX-License-Identifier: Apache-2.0
/// The value of a member. Texts are compared and hashed bytewise, not by canonical equivalence: replacing a precomposed "é" by
/// a decomposed one is a change.
public enum MemberValue: Hashable, Sendable {
    case null
    case text(String)
    case flag(Bool)
    case integer(Int)
    case time(Timestamp)
    case identifier(Identifier)
    case list([MemberValue])
    /// The parts, in the order of the record's members; `nil` for a member that a patch does not name.
    case object([MemberValue?])

    /// Equality, texts bytewise.
    public static func == (left: MemberValue, right: MemberValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.text(let left), .text(let right)): left.hasSameBytes(as: right)
        case (.flag(let left), .flag(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.time(let left), .time(let right)): left == right
        case (.identifier(let left), .identifier(let right)): left == right
        case (.list(let left), .list(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    /// Hashes the value, texts by their bytes.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .text(let text): hasher.combine(bytesOf: text)
        case .flag(let flag): hasher.combine(flag)
        case .integer(let integer): hasher.combine(integer)
        case .time(let time): hasher.combine(time)
        case .identifier(let id): hasher.combine(id)
        case .list(let items): hasher.combine(items)
        case .object(let parts): hasher.combine(parts)
        }
    }

    /// Returns the object merged into the present one, whose parts replace those that are `nil`; any other value unchanged.
    func merged(into present: MemberValue) -> MemberValue {
        guard case .object(let parts) = self, case .object(let known) = present else { return self }
        return .object(zip(parts, known).map { $0 ?? $1 })
    }
}

/// A type that converts to and from ``MemberValue``.
public protocol MemberConvertible: Sendable {
    /// Whether null is a valid value.
    static var isNullable: Bool { get }
    /// The value as a ``MemberValue``.
    var memberValue: MemberValue { get }
    /// `nil` if the value is of another type.
    init?(memberValue value: MemberValue)
}

extension MemberConvertible {
    /// `false` by default.
    public static var isNullable: Bool { false }
}

extension String: MemberConvertible {
    /// The value as a ``MemberValue``.
    public var memberValue: MemberValue { .text(self) }

    /// `nil` if the value is not a text.
    public init?(memberValue value: MemberValue) {
        guard case .text(let text) = value else { return nil }
        self = text
    }
}

extension Bool: MemberConvertible {
    /// The value as a ``MemberValue``.
    public var memberValue: MemberValue { .flag(self) }

    /// `nil` if the value is not a Boolean.
    public init?(memberValue value: MemberValue) {
        guard case .flag(let flag) = value else { return nil }
        self = flag
    }
}

extension Int: MemberConvertible {
    /// The value as a ``MemberValue``.
    public var memberValue: MemberValue { .integer(self) }

    /// `nil` if the value is not an integer.
    public init?(memberValue value: MemberValue) {
        guard case .integer(let integer) = value else { return nil }
        self = integer
    }
}

extension Timestamp: MemberConvertible {
    /// The value as a ``MemberValue``.
    public var memberValue: MemberValue { .time(self) }

    /// `nil` if the value is not a time.
    public init?(memberValue value: MemberValue) {
        guard case .time(let time) = value else { return nil }
        self = time
    }
}

extension Identifier: MemberConvertible {
    /// The value as a ``MemberValue``.
    public var memberValue: MemberValue { .identifier(self) }

    /// `nil` if the value is not an id.
    public init?(memberValue value: MemberValue) {
        guard case .identifier(let id) = value else { return nil }
        self = id
    }
}

extension Optional: MemberConvertible where Wrapped: MemberConvertible {
    /// `true`.
    public static var isNullable: Bool { true }
    /// The value as a ``MemberValue``.
    public var memberValue: MemberValue { map(\.memberValue) ?? .null }

    /// `nil` if the value is neither null nor of the wrapped type.
    public init?(memberValue value: MemberValue) {
        if case .null = value {
            self = .none
        } else if let wrapped = Wrapped(memberValue: value) {
            self = .some(wrapped)
        } else {
            return nil
        }
    }
}

extension Array: MemberConvertible where Element: MemberConvertible {
    /// The value as a ``MemberValue``.
    public var memberValue: MemberValue { .list(map(\.memberValue)) }

    /// `nil` if the value is not a list; elements of another type are omitted.
    public init?(memberValue value: MemberValue) {
        guard case .list(let items) = value else { return nil }
        self = items.compactMap(Element.init(memberValue:))
    }
}

extension MemberConvertible where Self: RawRepresentable & CaseIterable, RawValue == String {
    /// The raw value.
    public var memberValue: MemberValue { .text(rawValue) }

    /// `nil` if the value is not the raw value of a case.
    public init?(memberValue value: MemberValue) {
        guard case .text(let text) = value else { return nil }
        self.init(exactly: text)
    }
}
