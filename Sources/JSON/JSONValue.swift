// SPDX-License-Identifier: Apache-2.0
/// A JSON value (RFC 8259) as it was written: members in order, numbers as their digits. Equality is bytewise.
public indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// The digits as written, so that no precision is lost.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// A name and its value. Names are unique within an object.
    public struct Member: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The value.
        public var value: JSONValue

        /// A name and its value.
        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }

        /// Bytewise equality of the names, and equality of the values.
        public static func == (left: Member, right: Member) -> Bool {
            ByteString(left.name) == ByteString(right.name) && left.value == right.value
        }

        /// Hashes the name's bytes and the value.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(ByteString(name))
            hasher.combine(value)
        }
    }
}

extension JSONValue {
    /// Equality; text and digits are compared bytewise.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)), (.string(let left), .string(let right)):
            ByteString(left) == ByteString(right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    /// Hashes text by its bytes.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let bool): hasher.combine(bool)
        case .number(let text), .string(let text): hasher.combine(ByteString(text))
        case .array(let values): hasher.combine(values)
        case .object(let members): hasher.combine(members)
        }
    }
}

extension JSONValue {
    /// The value as an integer: `3`, but also `3.0` and `3e2`, which are the same number in JSON.
    public var integer: Int? {
        guard case .number(let digits) = self else { return nil }
        if let integer = Int(digits) { return integer }
        guard let number = Double(digits), number.magnitude < 0x1p53 else { return nil }
        return Int(exactly: number)
    }

    /// The kind of value, for error messages: "a string".
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// A member of an object; `nil` if there is none.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        let name = ByteString(name)
        return members.first { ByteString($0.name) == name }?.value
    }
}

/// A syntax error and its position.
public struct JSONSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Offset of the error in bytes.
    public var offset: Int
    /// Line of the error, from 1.
    public var line: Int
    /// Column of the error in bytes, from 1.
    public var column: Int
    /// What is wrong, without the position: "expected a comma or the end of the array".
    public var detail: String

    /// The detail with line and column.
    public var description: String {
        "\(detail) (line \(line), column \(column))"
    }
}
