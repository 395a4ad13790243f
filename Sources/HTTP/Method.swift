// SPDX-License-Identifier: Apache-2.0
/// A request method (RFC 9110 §9). Any token is a method; which are supported depends on the route.
public struct Method: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The method as on the wire; case-sensitive.
    public let rawValue: String

    /// A method of any name: a token, hence ASCII.
    public init(rawValue: String) { self.rawValue = rawValue }  // ascii: a token

    /// A method written in the source.
    public init(stringLiteral value: String) { rawValue = value }

    /// The method as on the wire.
    public var description: String { rawValue }

    /// Reads a resource.
    public static var get: Method { "GET" }
    /// `GET` without the body.
    public static var head: Method { "HEAD" }
    /// Has a resource process the body.
    public static var post: Method { "POST" }
    /// Creates or replaces a resource.
    public static var put: Method { "PUT" }
    /// Changes a part of a resource (RFC 5789).
    public static var patch: Method { "PATCH" }
    /// Removes a resource.
    public static var delete: Method { "DELETE" }
    /// Asks for the methods of a resource.
    public static var options: Method { "OPTIONS" }
    /// Opens a tunnel; rejected, since this server is not a proxy.
    public static var connect: Method { "CONNECT" }
}
