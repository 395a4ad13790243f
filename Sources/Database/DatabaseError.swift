// SPDX-License-Identifier: Apache-2.0
/// An error of a database engine.
public struct DatabaseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Engine-independent categories of errors.
    public enum Code: Hashable, Sendable {
        case busy, full, readOnly, corrupt, notADatabase, constraint, cannotOpen, ioError, other
    }

    /// The category.
    public let code: Code
    /// The engine's message, for the operator.
    public let message: String
    /// The engine and its native code: "SQLite code 13".
    public let origin: String

    /// Creates an error with these members.
    public init(_ code: Code, message: String, origin: String) {
        (self.code, self.message, self.origin) = (code, message, origin)
    }

    /// The message with its origin: "disk full (SQLite code 13)".
    public var description: String { "\(message) (\(origin))" }
}
