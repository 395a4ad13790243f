// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// Parts of addresses that are valid already (``Stories/CardAddresses``).
enum Address {
    static func withoutFragment(_ url: String) -> String {
        String(Substring(url.utf8.prefix { $0 != UInt8(ascii: "#") }))
    }

    /// Scheme, host and port.
    static func origin(_ url: String) -> String {
        let slashes = url.utf8.prefix { $0 != UInt8(ascii: "/") }.count + 2
        let authority = url.utf8.dropFirst(slashes).prefix { !"/?#".utf8.contains($0) }
        return String(Substring(url.utf8.prefix(slashes))) + String(Substring(authority))
    }

    /// The host without a leading `www.`, as the name of a site that has no other.
    static func host(_ url: String) -> String {
        let origin = origin(url).utf8
        let host = origin.dropFirst(origin.prefix { $0 != UInt8(ascii: "/") }.count + 2)
        return String(Substring(host.starts(with: "www.".utf8) ? host.dropFirst(4) : host))
    }

    /// The segments of the path.
    static func segments(_ url: String) -> [String] {
        url.utf8.dropFirst(origin(url).utf8.count).prefix {
            $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
        }
        .split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
    }

    /// Whether a text is a handle, a DID or a key: letters, digits, and `.`, `-`, `_`, `:`.
    static func isName(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(lowercase(byte)) || (0x30...0x39).contains(byte)
                || ".-_:".utf8.contains(byte)
        }
    }
}

/// An address that may be that of a status on a server of Mastodon: any host may be one.
struct MastodonAddress {
    let origin: String
    let id: String

    /// `/@name/109…`, `/@name@host/109…` and `/users/name/statuses/109…`: ids are numbers of 15 to 20 digits.
    init?(_ url: String) {
        let segments = Address.segments(url)
        let isShort = segments.count == 2 && segments[0].utf8.first == UInt8(ascii: "@")
        let isLong =
            segments.count == 4 && segments[0].hasSameBytes(as: "users")
            && segments[2].hasSameBytes(as: "statuses")
        guard isShort || isLong, let last = segments.last, (15...20).contains(last.utf8.count),
            last.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        (origin, id) = (Address.origin(url), last)
    }
}
