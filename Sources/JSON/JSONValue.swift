/// A JSON text (RFC 8259) as it was written: members in their order, numbers as their digits. Two are the same when their texts are
/// the same to the byte.
public indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// The digits as they stand in the text, so that no precision is lost on the way.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// A name and its value. No name stands twice in an object.
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

        /// The same name, to the byte, and the same value.
        public static func == (left: Member, right: Member) -> Bool {
            ByteString(left.name) == ByteString(right.name) && left.value == right.value
        }

        /// Hashes the bytes of the name, and the value.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(ByteString(name))
            hasher.combine(value)
        }
    }
}

extension JSONValue {
    /// The same value; texts and digits to the byte.
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

    /// Hashes the bytes of texts.
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
    /// The value as a whole number: `3`, but also `3.0` and `3e2`, which are the same numbers to JSON.
    public var integer: Int? {
        guard case .number(let digits) = self else { return nil }
        if let integer = Int(digits) { return integer }
        guard let number = Double(digits), number.magnitude < 0x1p53 else { return nil }
        return Int(exactly: number)
    }

    /// What kind of value it is, in the words of an error message: "a string".
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

    /// A member of an object; `nil` where there is none.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        let name = ByteString(name)
        return members.first { ByteString($0.name) == name }?.value
    }
}

/// Why a text is not JSON, and where.
public struct JSONSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Bytes before the fault.
    public var offset: Int
    /// The line of the fault, from 1.
    public var line: Int
    /// The byte of that line, from 1.
    public var column: Int
    /// What is wrong there, without the place: "expected a comma or the end of the array".
    public var detail: String

    /// The text form.
    public var description: String {
        "\(detail) (line \(line), column \(column))"
    }
}
