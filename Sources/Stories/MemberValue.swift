// SPDX-License-Identifier: Apache-2.0
/// The value of a member. Texts are compared and hashed by their bytes: "é" as one scalar and as two look alike, but an editor who
/// changes one into the other has changed something.
public enum MemberValue: Hashable, Sendable {
    case null
    case text(String)
    case flag(Bool)
    case integer(Int)
    case time(Timestamp)
    case identifier(Identifier)
    case list([MemberValue])
    /// The parts in the order of the record's members; `nil` where a patch does not name one.
    case object([MemberValue?])

    /// The same value, to the byte.
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

    /// Hashes the bytes of texts.
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

    /// An object with the parts that it names in place of those of the present value; any other value as it is.
    func merged(into present: MemberValue) -> MemberValue {
        guard case .object(let parts) = self, case .object(let known) = present else { return self }
        return .object(zip(parts, known).map { $0 ?? $1 })
    }
}

/// What can be the value of a member.
public protocol MemberConvertible: Sendable {
    /// Whether null is one of its values.
    static var isNullable: Bool { get }
    /// The value.
    var memberValue: MemberValue { get }
    /// `nil` where the value is of another form.
    init?(memberValue value: MemberValue)
}

extension MemberConvertible {
    /// As a rule it is not.
    public static var isNullable: Bool { false }
}

extension String: MemberConvertible {
    /// The value.
    public var memberValue: MemberValue { .text(self) }

    /// `nil` where the value is no text.
    public init?(memberValue value: MemberValue) {
        guard case .text(let text) = value else { return nil }
        self = text
    }
}

extension Bool: MemberConvertible {
    /// The value.
    public var memberValue: MemberValue { .flag(self) }

    /// `nil` where the value is no truth value.
    public init?(memberValue value: MemberValue) {
        guard case .flag(let flag) = value else { return nil }
        self = flag
    }
}

extension Int: MemberConvertible {
    /// The value.
    public var memberValue: MemberValue { .integer(self) }

    /// `nil` where the value is no integer.
    public init?(memberValue value: MemberValue) {
        guard case .integer(let integer) = value else { return nil }
        self = integer
    }
}

extension Timestamp: MemberConvertible {
    /// The value.
    public var memberValue: MemberValue { .time(self) }

    /// `nil` where the value is no time.
    public init?(memberValue value: MemberValue) {
        guard case .time(let time) = value else { return nil }
        self = time
    }
}

extension Identifier: MemberConvertible {
    /// The value.
    public var memberValue: MemberValue { .identifier(self) }

    /// `nil` where the value is no id.
    public init?(memberValue value: MemberValue) {
        guard case .identifier(let id) = value else { return nil }
        self = id
    }
}

extension Optional: MemberConvertible where Wrapped: MemberConvertible {
    /// It is.
    public static var isNullable: Bool { true }
    /// The value.
    public var memberValue: MemberValue { map(\.memberValue) ?? .null }

    /// `nil` where the value is neither null nor one of the wrapped type.
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
    /// The value.
    public var memberValue: MemberValue { .list(map(\.memberValue)) }

    /// `nil` where the value is no list; items of another form are left out.
    public init?(memberValue value: MemberValue) {
        guard case .list(let items) = value else { return nil }
        self = items.compactMap(Element.init(memberValue:))
    }
}

extension MemberConvertible where Self: RawRepresentable & CaseIterable, RawValue == String {
    /// The name of the choice.
    public var memberValue: MemberValue { .text(rawValue) }

    /// `nil` where the value is none of the choices.
    public init?(memberValue value: MemberValue) {
        guard case .text(let text) = value else { return nil }
        self.init(exactly: text)
    }
}
