// SPDX-License-Identifier: Apache-2.0
/// A value bound to a parameter of a statement.
public enum Value: Hashable, Sendable {
    /// The types of values.
    public enum Kind: Hashable, Sendable {
        case integer, text, bytes
    }

    /// NULL, with the type of the parameter, which some engines need.
    case null(Kind)
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
    /// A blob of sixteen bytes in big-endian order, such as an identifier.
    case sixteenBytes(high: UInt64, low: UInt64)
}

/// A type that provides values for one or more consecutive parameters of a statement.
public protocol Bindable {
    /// Appends the values in the order of the parameters.
    func append(to values: inout [Value])
}

/// A type that provides the value for one parameter of a statement.
public protocol BindableValue: Bindable {
    /// The type of the value, also of NULL.
    static var kind: Value.Kind { get }
    /// The value to bind.
    var value: Value { get }
}

extension BindableValue {
    /// Appends the value.
    @inlinable
    public func append(to values: inout [Value]) { values.append(value) }
}

extension Int64: BindableValue {
    /// An integer.
    public static var kind: Value.Kind { .integer }
    /// The value unchanged.
    public var value: Value { .integer(self) }
}

extension Int: BindableValue {
    /// An integer.
    public static var kind: Value.Kind { .integer }
    /// The value unchanged.
    public var value: Value { .integer(Int64(self)) }
}

extension Bool: BindableValue {
    /// An integer, because engines differ in their support of Booleans.
    public static var kind: Value.Kind { .integer }
    /// 1 or 0.
    public var value: Value { .integer(self ? 1 : 0) }
}

extension String: BindableValue {
    /// A text.
    public static var kind: Value.Kind { .text }
    /// The value unchanged.
    public var value: Value { .text(self) }
}

extension [UInt8]: Bindable, BindableValue {
    /// A blob.
    public static var kind: Value.Kind { .bytes }
    /// The value unchanged.
    public var value: Value { .bytes(self) }
}

extension Optional: Bindable, BindableValue where Wrapped: BindableValue {
    /// The type of the wrapped value.
    public static var kind: Value.Kind { Wrapped.kind }
    /// The wrapped value, or NULL.
    public var value: Value { self?.value ?? .null(Wrapped.kind) }
}

extension Value {
    /// Returns the values for a statement's parameters, in order.
    @inlinable
    public static func list<each B: Bindable>(_ bindables: repeat each B) -> [Value] {
        var count = 0
        for _ in repeat each bindables { count += 1 }
        var values: [Value] = []
        values.reserveCapacity(count)
        for bindable in repeat each bindables { bindable.append(to: &values) }
        return values
    }
}
