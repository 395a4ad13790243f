/// A request method (RFC 9110 §9). An open set: any token is a method, the server decides which it knows.
public struct Method: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The method as it stands on the wire; methods are case-sensitive.
    public let rawValue: String

    /// A method of any name: a token, and so ASCII.
    public init(rawValue: String) { self.rawValue = rawValue }  // ascii: a token

    /// A method written in the source.
    public init(stringLiteral value: String) { rawValue = value }

    /// The method as it stands on the wire.
    public var description: String { rawValue }

    /// Reads a resource.
    public static var get: Method { "GET" }
    /// `GET` without the body.
    public static var head: Method { "HEAD" }
    /// Hands over something to work on.
    public static var post: Method { "POST" }
    /// Creates or replaces a resource.
    public static var put: Method { "PUT" }
    /// Changes a part of a resource (RFC 5789).
    public static var patch: Method { "PATCH" }
    /// Removes a resource.
    public static var delete: Method { "DELETE" }
    /// Asks what a resource can do.
    public static var options: Method { "OPTIONS" }
    /// Opens a tunnel; this server is no proxy and refuses it.
    public static var connect: Method { "CONNECT" }
}
