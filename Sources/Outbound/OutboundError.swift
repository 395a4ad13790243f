// SPDX-License-Identifier: Apache-2.0
/// Why a request has no response. No case holds more of the URL than its host and port, since paths and queries may be secrets.
public enum OutboundError: Error, Sendable, Equatable {
    /// libcurl cannot be loaded; with the loader's reason.
    case missingLibrary(String)
    /// The URL is malformed, is not http or https, or has user information.
    case malformedURL(String)
    /// The method or a header field is not one.
    case malformedRequest(String)
    /// The name of the host has no address.
    case unresolved(host: String)
    /// The policy refuses the address of the host, and what it is.
    case refusedAddress(String, reason: String)
    /// No connection could be made; with the system's reason.
    case unreachable(host: String, port: String, reason: String)
    /// There was no complete response within the time.
    case timedOut(host: String)
    /// TLS could not be negotiated, or the certificate could not be verified.
    case tls(host: String, reason: String)
    /// The connection ended before the response was complete.
    case interrupted(host: String, reason: String)
    /// The response is not one of HTTP/1.1.
    case malformedResponse(host: String, reason: String)
    /// The head of the response is larger than the limit in bytes.
    case headTooLarge(host: String, limit: Int)
    /// The body of the response is larger than the limit in bytes.
    case bodyTooLarge(host: String, limit: Int)
    /// There were more redirects than the request allows.
    case tooManyRedirects(limit: Int)
    /// The redirect is not followed.
    case refusedRedirect(String)
    /// Too many requests wait already.
    case busy
    /// Anything else; with libcurl's reason.
    case failed(String)
}

extension OutboundError {
    /// One line for the operator.
    public var message: String {
        switch self {
        case .missingLibrary(let reason):
            "outbound HTTP needs libcurl.so.4, which the Debian package libcurl4 has: \(reason)"
        case .malformedURL(let reason): "the URL cannot be used: \(reason)"
        case .malformedRequest(let reason): "the request cannot be sent: \(reason)"
        case .unresolved(let host): "\(host) cannot be resolved"
        case .refusedAddress(let address, let reason): "requests may not go to \(address): it is \(reason)"
        case .unreachable(let host, let port, let reason): "no connection to \(host) port \(port): \(reason)"
        case .tooManyRedirects(let limit): "more than \(limit) redirects"
        case .refusedRedirect(let reason): "the redirect is not followed: \(reason)"
        case .busy: "too many requests wait for their turn"
        case .failed(let reason): reason
        default: responseMessage
        }
    }

    private var responseMessage: String {
        switch self {
        case .timedOut(let host): "no answer from \(host) in time"
        case .tls(let host, let reason): "no secure connection to \(host): \(reason)"
        case .interrupted(let host, let reason): "the connection to \(host) ended early: \(reason)"
        case .malformedResponse(let host, let reason): "the response of \(host) is malformed: \(reason)"
        case .headTooLarge(let host, let limit): "the head of the response of \(host) is over \(limit) bytes"
        case .bodyTooLarge(let host, let limit): "the response of \(host) is over \(limit) bytes"
        default: "\(self)"
        }
    }
}
