// SPDX-License-Identifier: Apache-2.0
/// A value that a statement takes in one of its places.
public enum Value: Hashable, Sendable {
    /// What a value is to an engine.
    public enum Kind: Hashable, Sendable {
        case integer, text, bytes
    }

    /// NULL, with the type of the parameter, which some engines need.
    case null(Kind)
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
    /// Sixteen bytes, the high ones first, as an identifier has.
    case sixteenBytes(high: UInt64, low: UInt64)
}

/// What fills places of a statement: one, or several in their order.
public protocol Bindable {
    /// Adds its values.
    func append(to values: inout [Value])
}

/// What fills one place of a statement.
public protocol BindableValue: Bindable {
    /// What it is to an engine, also where there is none.
    static var kind: Value.Kind { get }
    /// The value.
    var value: Value { get }
}

extension BindableValue {
    /// Adds its value.
    @inlinable
    public func append(to values: inout [Value]) { values.append(value) }
}

extension Int64: BindableValue {
    /// An integer.
    public static var kind: Value.Kind { .integer }
    /// Itself.
    public var value: Value { .integer(self) }
}

extension Int: BindableValue {
    /// An integer.
    public static var kind: Value.Kind { .integer }
    /// Itself.
    public var value: Value { .integer(Int64(self)) }
}

extension Bool: BindableValue {
    /// An integer: engines differ in what else a truth value is.
    public static var kind: Value.Kind { .integer }
    /// 1 or 0.
    public var value: Value { .integer(self ? 1 : 0) }
}

extension String: BindableValue {
    /// A text.
    public static var kind: Value.Kind { .text }
    /// Itself.
    public var value: Value { .text(self) }
}

extension [UInt8]: Bindable, BindableValue {
    /// Bytes.
    public static var kind: Value.Kind { .bytes }
    /// Itself.
    public var value: Value { .bytes(self) }
}

extension Optional: Bindable, BindableValue where Wrapped: BindableValue {
    /// That of the value that there may be.
    public static var kind: Value.Kind { Wrapped.kind }
    /// The value, or NULL.
    public var value: Value { self?.value ?? .null(Wrapped.kind) }
}

extension Value {
    /// The values of a statement, in their order.
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
