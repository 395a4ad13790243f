/// The version of a request. Later 1.x versions are served as 1.1 (RFC 9110 §2.5), all else is refused.
public enum HTTPVersion: Sendable {
    /// HTTP/1.0: closes after each answer unless it asks otherwise.
    case http10
    /// HTTP/1.1: keeps the connection unless it asks otherwise.
    case http11
}
