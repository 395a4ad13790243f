// SPDX-License-Identifier: Apache-2.0
/// The header fields of a response, in the order in which they were added.
public struct Headers: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// One field line. Control characters in the value are sent as spaces, so it cannot end its line.
    public struct Field: Sendable, Equatable {
        /// The name of the field.
        public var name: HeaderName
        /// The value as set by the application.
        public var value: String
    }

    /// The fields in order.
    public private(set) var fields: [Field] = []

    /// No fields.
    public init() {}

    /// Fields written in the source; a name may occur more than once.
    public init(dictionaryLiteral elements: (HeaderName, String)...) {
        fields = elements.map { Field(name: $0.0, value: $0.1) }
    }

    /// Whether there are no fields.
    public var isEmpty: Bool { fields.isEmpty }

    /// The first value of the field. Setting replaces all fields of that name; `nil` removes them.
    public subscript(name: HeaderName) -> String? {
        get { fields.first { $0.name == name }?.value }
        set {
            fields.removeAll { $0.name == name }
            if let newValue { add(name, newValue) }
        }
    }

    /// Appends a field; existing fields of the same name stay.
    public mutating func add(_ name: HeaderName, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// Adds all fields of `other`.
    public mutating func add(_ other: Headers) { fields.append(contentsOf: other.fields) }
}
