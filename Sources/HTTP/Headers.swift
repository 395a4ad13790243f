/// The header fields of a response, in the order in which they were added.
public struct Headers: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// One field line. A value holds no line ends: what would break the line is sent as a space.
    public struct Field: Sendable, Equatable {
        /// The name of the field.
        public var name: HeaderName
        /// The value as the application gave it.
        public var value: String
    }

    /// The fields in order.
    public private(set) var fields: [Field] = []

    /// No fields.
    public init() {}

    /// Fields written in the source; a name may stand there more than once.
    public init(dictionaryLiteral elements: (HeaderName, String)...) {
        fields = elements.map { Field(name: $0.0, value: $0.1) }
    }

    /// Whether there are no fields.
    public var isEmpty: Bool { fields.isEmpty }

    /// The first value of the field; setting replaces every field of that name, `nil` removes them.
    public subscript(name: HeaderName) -> String? {
        get { fields.first { $0.name == name }?.value }
        set {
            fields.removeAll { $0.name == name }
            if let newValue { add(name, newValue) }
        }
    }

    /// Adds a field and keeps those of the same name.
    public mutating func add(_ name: HeaderName, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// Adds all fields of `other`.
    public mutating func add(_ other: Headers) { fields.append(contentsOf: other.fields) }
}
