// SPDX-License-Identifier: Apache-2.0
internal import CCurl

/// A URL as libcurl parses it: the same parser for what is checked and for what is connected to. Not thread-safe.
final class OutboundURL {
    let handle: OpaquePointer
    /// `http` or `https`.
    let scheme: String
    /// The host in lower case; an IPv6 address is in brackets.
    let host: String
    /// The port as digits, also where it is the scheme's default.
    let port: String

    static let maximumBytes = 8_192

    /// Parses an absolute URL.
    convenience init(_ text: String) throws(OutboundError) {
        guard let handle = ccurl_url() else { throw .failed("out of memory") }
        try self.init(handle, text, isRelative: false)
    }

    /// Parses a reference relative to this URL (RFC 3986 §5), such as the value of `Location`.
    func resolving(_ reference: String) throws(OutboundError) -> OutboundURL {
        guard let copy = ccurl_url_dup(handle) else { throw .failed("out of memory") }
        return try OutboundURL(copy, reference, isRelative: !Self.hasScheme(reference))
    }

    /// Takes over the handle.
    private init(_ handle: OpaquePointer, _ text: String, isRelative: Bool) throws(OutboundError) {
        self.handle = handle
        let code = ccurl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_DISALLOW_USER))
        scheme = Self.lowercased(Self.part(CURLUPART_SCHEME, of: handle))
        host = Self.lowercased(Self.part(CURLUPART_HOST, of: handle))
        port = Self.part(CURLUPART_PORT, of: handle)
        // From here on deinit frees the handle.
        try Self.checkBytes(of: text, isRelative: isRelative)
        guard code == CURLUE_OK else { throw Self.error(code) }
        guard Self.schemes.contains(where: { $0.utf8.elementsEqual(scheme.utf8) }) else {
            throw .malformedURL("it must be http:// or https://")
        }
        guard !host.utf8.isEmpty else { throw .malformedURL("it has no host") }
    }

    deinit { ccurl_url_cleanup(handle) }

    private static let schemes = ["http", "https"]

    /// The URL as text.
    var text: String { Self.part(CURLUPART_URL, of: handle, flags: 0) }

    var isSecure: Bool { scheme.utf8.count == 5 }

    func isSameOrigin(as other: OutboundURL) -> Bool {
        scheme.utf8.elementsEqual(other.scheme.utf8) && host.utf8.elementsEqual(other.host.utf8)
            && port.utf8.elementsEqual(other.port.utf8)
    }

    /// Whether the text begins with a scheme (RFC 3986 §3.1).
    private static func hasScheme(_ text: String) -> Bool {
        guard let end = text.utf8.firstIndex(where: { ":/?#".utf8.contains($0) }) else { return false }
        return text.utf8[end] == UInt8(ascii: ":")
    }

    /// libcurl is lenient where browsers are: it takes one to three slashes, and spaces. What other parsers might read otherwise is refused.
    private static func checkBytes(of text: String, isRelative: Bool) throws(OutboundError) {
        let bytes = Array(text.utf8)
        guard bytes.count <= maximumBytes else {
            throw .malformedURL("it has over \(maximumBytes) bytes")
        }
        guard bytes.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else {
            throw .malformedURL("it has characters other than those of URLs, which are visible ASCII")
        }
        guard !isRelative else { return }
        let rest = bytes.drop { $0 != UInt8(ascii: ":") }
        guard rest.starts(with: "://".utf8), rest.dropFirst(3).first != UInt8(ascii: "/") else {
            throw .malformedURL("it must begin with http:// or https:// and a host")
        }
    }

    private static func part(
        _ part: CURLUPart, of handle: OpaquePointer, flags: UInt32 = UInt32(CURLU_DEFAULT_PORT)
    ) -> String {
        var text: UnsafeMutablePointer<CChar>?
        guard ccurl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else {
            return ""
        }
        defer { ccurl_free(text) }
        return String(cString: text)
    }

    private static func lowercased(_ text: String) -> String {
        String(decoding: text.utf8.map { $0 &- 65 < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    private static func error(_ code: CURLUcode) -> OutboundError {
        switch code {
        case CURLUE_USER_NOT_ALLOWED: .malformedURL("it has user information")
        case CURLUE_UNSUPPORTED_SCHEME: .malformedURL("it must be http:// or https://")
        default: .malformedURL(String(cString: ccurl_url_strerror(code)))
        }
    }
}
