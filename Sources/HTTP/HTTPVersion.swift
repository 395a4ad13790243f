// SPDX-License-Identifier: Apache-2.0
/// The version of a request. Later 1.x versions are treated as 1.1 (RFC 9110 §2.5); others are rejected (505).
public enum HTTPVersion: Sendable {
    /// HTTP/1.0: closes after each response unless the client asks for keep-alive.
    case http10
    /// HTTP/1.1: persistent unless the client asks to close.
    case http11
}
