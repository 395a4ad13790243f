// SPDX-License-Identifier: Apache-2.0
/// A response as received by the client.
public struct HTTPReply: Sendable {
    /// The status code.
    public var status: Int
    /// The fields of the head in order, names as sent.
    public var headers: [(name: String, value: String)]
    /// The body, decoded if it was chunked.
    public var body: [UInt8]

    /// The values of a field, joined by a comma; nil if there is none.
    public func header(_ name: String) -> String? {
        let values = headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }
}

/// An error on the client's side.
public enum HTTPClientError: Error, Equatable {
    /// The socket could not be made or connected.
    case cannotConnect(errno: Int32)
    /// The server closed or reset the connection before the response was complete.
    case closed
    /// Nothing was received within the timeout.
    case timedOut
    /// The response is not valid HTTP.
    case malformed(String)
}
