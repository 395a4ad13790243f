internal import Stories

/// What is looked for in the HTML of a body: whether readers see something of it, and whether it was pasted as an embed code.
enum RenderedBody {
    static func fault(in html: String) -> BodyFault? {
        if let embed = EmbedCode(in: html) { return .embed(embed.detail) }
        let hasPicture = Array(html.utf8).firstRange(of: Array("<img ".utf8)) != nil
        return hasPicture || !plainText(html: html).isBlank ? nil : .blank
    }

    /// The same HTML with root-relative addresses made absolute, for readers elsewhere.
    static func absolute(_ html: String, at site: String) -> String {
        var (bytes, rest) = ([UInt8](), Array(html.utf8)[...])
        // In texts and attributes a quotation mark is `&quot;`.
        while let range = rest.firstRange(of: Array("=\"/".utf8)) {
            bytes += rest[..<(range.upperBound - 1)]
            let name = rest[..<range.lowerBound].suffix(5)
            if name.elementsEqual(" href".utf8) || name.suffix(4).elementsEqual(" src".utf8) {
                bytes += site.utf8
            }
            rest = rest[(range.upperBound - 1)...]
        }
        return String(decoding: bytes + rest, as: UTF8.self)
    }
}

/// HTML that other sites give to embed something of theirs, as readers would see it: as text.
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
        let bytes = text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        let isTag = Self.tags.contains { tag in
            bytes.ranges(of: Array(tag.utf8)).contains { range in
                range.upperBound == bytes.count || !isLetter(bytes[range.upperBound])
            }
        }
        guard isTag || Self.classes.contains(where: { bytes.firstRange(of: Array($0.utf8)) != nil }) else {
            return nil
        }
    }

    /// Code is what speaks of tags.
    private static func withoutCode(_ html: String) -> String {
        var (bytes, rest) = ([UInt8](), Array(html.utf8)[...])
        while let start = rest.firstRange(of: Array("<code".utf8)),
            let end = rest[start.upperBound...].firstRange(of: Array("</code>".utf8))
        {
            bytes += rest[..<start.lowerBound]
            rest = rest[end.upperBound...]
        }
        return String(decoding: bytes + rest, as: UTF8.self)
    }

    var detail: String {
        let bytes = Array(text.utf8)
        let service = Self.services.first { $0.1.contains { bytes.firstRange(of: Array($0.utf8)) != nil } }?.0
        let name = service.map { "an embed code of \($0)" } ?? "an embed code"
        return "must not be \(name): paste the address alone" + (address(in: bytes).map { ": " + $0 } ?? "")
            + " (code between backticks is shown as it is)"
    }

    /// The first address that is no script's, as people would open it.
    private func address(in bytes: [UInt8]) -> String? {
        let starts = bytes.ranges(of: Array("//".utf8)).lazy.filter { range in
            // Of HTTP, or without a scheme.
            let before = bytes[..<range.lowerBound]
            let isWeb = [":", "\"", "'", "="].contains { before.last == $0.utf8.first }
            return isWeb
                && (before.last != UInt8(ascii: ":")
                    || before.suffix(6).firstRange(of: Array("http".utf8)) != nil)
        }.map(\.upperBound)
        let addresses = starts.map { start in
            bytes[start...].prefix { $0 > 0x20 && !"\"'<>".utf8.contains($0) }
        }.filter { address in address.first.map { isLetter($0) || (0x30...0x39).contains($0) } ?? false }
        let pages = addresses.filter {
            !$0.suffix(3).elementsEqual(".js".utf8) && $0.contains(UInt8(ascii: "/"))
        }
        // Posts on X may hold other links before the one that leads to them.
        guard
            let found = pages.first(where: { $0.firstRange(of: Array("/status/".utf8)) != nil })
                ?? pages.first
        else { return nil }
        for (player, page) in [
            ("/embed/", "www.youtube.com/watch?v="), ("player.vimeo.com/video/", "vimeo.com/"),
        ] {
            guard let range = found.firstRange(of: Array(player.utf8)) else { continue }
            let id = found[range.upperBound...].prefix {
                isLetter($0) || (0x30...0x39).contains($0) || "-_".utf8.contains($0)
            }
            let isYouTube = found.firstRange(of: Array("youtube".utf8)) != nil
            if !id.isEmpty, isYouTube || page.utf8.count < 12 {
                return "https://" + page + String(decoding: id, as: UTF8.self)
            }
        }
        return "https://" + String(decoding: found, as: UTF8.self)
    }
}

private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
