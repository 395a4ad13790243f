// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// Checks of a body and its rendered HTML: it must not be blank, nor a pasted embed code.
enum RenderedBody {
    static func fault(of body: String, in html: String) -> BodyError? {
        if holdsTag(body), let embed = EmbedCode(in: html) { return .embed(embed.detail) }
        if holdsWord(html) { return nil }
        let hasPicture = Array(html.utf8)[...].firstRange(ofUTF8: "<img ") != nil
        return hasPicture || !plainText(html: html).isBlank ? nil : .blank
    }

    /// Whether an ASCII letter or digit occurs outside tags and character references: a fast path, found in most bodies within a few bytes.
    private static func holdsWord(_ html: String) -> Bool {
        var end: UInt8?
        for byte in html.utf8 {
            if let awaited = end {
                if byte == awaited { end = nil }
            } else if byte == UInt8(ascii: "<") {
                end = UInt8(ascii: ">")
            } else if byte == UInt8(ascii: "&") {
                end = UInt8(ascii: ";")
            } else if isLetterOrDigit(byte) {
                return true
            }
        }
        return false
    }

    /// Whether an unescaped `<` occurs in Markdown. Bodies that were sent as plain text have it escaped.
    private static func holdsTag(_ body: String) -> Bool {
        var isEscaped = false
        for byte in body.utf8 {
            if byte == UInt8(ascii: "<"), !isEscaped { return true }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        }
        return false
    }

    /// Returns the HTML with root-relative addresses made absolute, for use outside the site.
    static func absolute(_ html: String, at site: String) -> String {
        BodyAddresses.prefixed(html, with: site, where: "/")
    }
}

/// An embed code of another site that was pasted as a body, and would be shown to readers as text.
private struct EmbedCode {
    private let text: String

    private static let tags = ["<iframe", "<script", "<embed", "<object"]
    private static let classes = [
        "class=\"twitter-", "class=\"instagram-media", "class=\"tiktok-embed", "class=\"fb-post",
        "class=\"fb-video",
    ]
    private static let services = [
        ("YouTube", ["youtube.com", "youtube-nocookie.com", "youtu.be"]),
        ("X", ["twitter.com", "//x.com", "twitter-"]),
        ("Instagram", ["instagram.com"]), ("TikTok", ["tiktok.com"]),
        ("Facebook", ["facebook.com", "fb-post", "fb-video"]),
        ("Vimeo", ["vimeo.com"]),
    ]

    init?(in html: String) {
        guard html.utf8.contains(UInt8(ascii: "&")) else { return nil }
        text = plainText(html: Self.withoutCode(html))
        let bytes = text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }[...]
        let isEmbed =
            Self.tags.contains { Self.holdsTag($0, bytes) }
            || Self.classes.contains { bytes.firstRange(ofUTF8: $0) != nil }
        guard isEmbed else { return nil }
    }

    /// Whether a tag of exactly this name begins in a text.
    private static func holdsTag(_ beginning: String, _ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while let range = rest.firstRange(ofUTF8: beginning) {
            rest = rest[range.upperBound...]
            if rest.first.map({ !isLetter($0) }) ?? true { return true }
        }
        return false
    }

    /// Returns the HTML without code elements, which may mention tags.
    private static func withoutCode(_ html: String) -> String {
        var (bytes, rest) = ([UInt8](), Array(html.utf8)[...])
        while let start = rest.firstRange(ofUTF8: "<code"),
            let end = rest[start.upperBound...].firstRange(ofUTF8: "</code>")
        {
            bytes += rest[..<start.lowerBound]
            rest = rest[end.upperBound...]
        }
        return String(decoding: bytes + rest, as: UTF8.self)
    }

    var detail: String {
        let bytes = Array(text.utf8)[...]
        let service = Self.services.first { $0.1.contains { bytes.firstRange(ofUTF8: $0) != nil } }?.0
        let name = service.map { "an embed code of \($0)" } ?? "an embed code"
        return "must not be \(name): paste the address alone" + (address(in: bytes).map { ": " + $0 } ?? "")
            + " (code between backticks is shown as it is)"
    }

    /// Returns the first address that is not a script's, as a page address; on X that of the post, since its text may hold other links.
    private func address(in bytes: ArraySlice<UInt8>) -> String? {
        var (pages, place) = ([ArraySlice<UInt8>](), 0)
        while pages.count < Self.addressesLookedAt,
            let slashes = bytes[place...].firstRange(ofUTF8: "//")
        {
            let address = bytes[slashes.upperBound...].prefix(Self.addressBytes)
                .prefix { $0 > 0x20 && !"\"'<>".utf8.contains($0) }
            place = address.endIndex
            if Self.isWeb(bytes[..<slashes.lowerBound]), address.first.map(isLetterOrDigit) ?? false,
                address.contains(UInt8(ascii: "/")), !address.suffix(3).elementsEqual(".js".utf8)
            {
                pages.append(address)
            }
        }
        let post = pages.first { $0.firstRange(ofUTF8: "/status/") != nil }
        return (post ?? pages.first).map(Self.page)
    }

    private static let addressesLookedAt = 50
    private static let addressBytes = 2_048

    /// Whether the text before `//` makes it a web address: `http:`, `https:`, or no scheme.
    private static func isWeb(_ before: ArraySlice<UInt8>) -> Bool {
        if before.last == UInt8(ascii: ":") {
            return before.suffix(6).firstRange(ofUTF8: "http") != nil
        }
        return before.last.map { "\"'=".utf8.contains($0) } ?? false
    }

    /// Returns the page address for a player's address; other addresses unchanged.
    private static func page(of found: ArraySlice<UInt8>) -> String {
        for (player, page) in [
            ("/embed/", "www.youtube.com/watch?v="), ("player.vimeo.com/video/", "vimeo.com/"),
        ] {
            guard let range = found.firstRange(ofUTF8: player) else { continue }
            let id = found[range.upperBound...].prefix { isLetterOrDigit($0) || "-_".utf8.contains($0) }
            let isYouTube = found.firstRange(ofUTF8: "youtube") != nil
            if !id.isEmpty, isYouTube || page.utf8.count < 12 {
                return "https://" + page + String(decoding: id, as: UTF8.self)
            }
        }
        return "https://" + String(decoding: found, as: UTF8.self)
    }
}

private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

private func isLetterOrDigit(_ byte: UInt8) -> Bool { isLetter(byte) || (0x30...0x39).contains(byte) }
