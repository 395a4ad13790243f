/// A JSON text (RFC 8259) as it was written: members in their order, numbers as their digits.
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
        return members.first { $0.name == name }?.value
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
