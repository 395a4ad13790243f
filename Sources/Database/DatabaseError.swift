// SPDX-License-Identifier: Apache-2.0
/// What an engine says when it will not.
public struct DatabaseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What programs tell apart.
    public enum Code: Hashable, Sendable {
        case busy, full, readOnly, corrupt, notADatabase, constraint, cannotOpen, ioError, other
    }

    /// What went wrong.
    public let code: Code
    /// The engine's own words, for the operator.
    public let message: String
    /// The engine, and its own code: "SQLite code 13".
    public let origin: String

    /// An error, all members given.
    public init(_ code: Code, message: String, origin: String) {
        (self.code, self.message, self.origin) = (code, message, origin)
    }

    /// The text form.
    public var description: String { "\(message) (\(origin))" }
}
