// SPDX-License-Identifier: Apache-2.0
/// Finds the addresses of an update that become cards.
public enum CardAddresses {
    /// The addresses that stand alone on a line of a body, given its HTML, then those of media of the kind `link`; each once, at most
    /// ``Limits/cards``.
    public static func all(in html: String, _ media: [Media]) -> [String] {
        var found: [String] = []
        let links = media.lazy.filter { $0.type == .link }.map(\.url)
        for url in alone(in: html) + links where found.count < Limits.cards {
            guard !found.contains(where: { $0.hasSameBytes(as: url) }),
                url.utf8.count <= Limits.urlCharacters,
                WebAddress.fault(in: url) == nil
            else { continue }
            found.append(url)
        }
        return found
    }

    /// The addresses that stand alone on a line. The text of such a link is its address, as it was written.
    private static func alone(in html: String) -> [String] {
        guard html.hasByte(UInt8(ascii: "=")) else { return [] }
        let bytes = Array(html.utf8)
        var (urls, rest) = ([String](), bytes[...])
        while let link = rest.firstRange(ofUTF8: opening) {
            rest = rest[link.upperBound...]
            guard begins(line: bytes[..<link.lowerBound]), let found = BodyLink(rest), found.endsLine,
                found.showsAddress
            else { continue }
            urls.append(String(decoding: found.address, as: UTF8.self))
        }
        return urls
    }

    static let opening = "<a href=\""

    private static func begins(line before: ArraySlice<UInt8>) -> Bool {
        before.suffix(3).elementsEqual("<p>".utf8) || before.suffix(7).elementsEqual("<br />\n".utf8)
    }
}

extension Card {
    /// The cards of an update as far as its addresses alone say them: what can be framed.
    public static func known(in html: String, _ media: [Media]) -> [Card] {
        CardAddresses.all(in: html, media).map { Card(CardText(url: $0)) }.filter { $0.frame != nil }
    }
}

extension CardAddresses {
    /// Splits a body where a paragraph is nothing but the address of a card, which is shown in its place: the HTML before it, and the card.
    /// What is left is the HTML after the last.
    ///
    /// `markup.js` does the same with the elements of a body. Each card has one place.
    public static func placing(
        _ cards: [Card], in html: String
    ) -> (parts: [(html: String, card: Card)], rest: String, others: [Card]) {
        guard !cards.isEmpty else { return ([], html, []) }
        let bytes = Array(html.utf8)
        var (parts, others, rest) = ([(html: String, card: Card)](), cards, bytes[...])
        var start = rest.startIndex
        while let place = rest.firstRange(ofUTF8: "<p>" + opening) {
            guard let link = BodyLink(rest[place.upperBound...]), link.isWholeParagraph,
                link.looksLikeAddress,
                let card = others.firstIndex(where: { $0.url.utf8.elementsEqual(link.address) })
            else {
                rest = rest[place.upperBound...]
                continue
            }
            let before = String(decoding: bytes[start..<place.lowerBound], as: UTF8.self)
            parts.append((before, others.remove(at: card)))
            start = link.end + "</p>".utf8.count
            rest = rest[start...]
        }
        return (parts, String(decoding: bytes[start...], as: UTF8.self), others)
    }
}

/// A link in the HTML of a body, from behind `<a href="`: it has nothing but an address and a text.
private struct BodyLink {
    /// Its address, without escapes.
    let address: [UInt8]
    private let text: [UInt8]
    /// Where it ends.
    let end: Int
    private let after: ArraySlice<UInt8>

    init?(_ rest: ArraySlice<UInt8>) {
        guard let quote = rest.firstIndex(of: UInt8(ascii: "\"")),
            rest[quote...].starts(with: "\">".utf8),
            let close = rest[quote...].dropFirst(2).firstIndex(of: UInt8(ascii: "<")),
            rest[close...].starts(with: "</a>".utf8)
        else { return nil }
        address = Self.unescaped(rest[..<quote])
        text = Self.unescaped(rest[(quote + 2)..<close])
        end = close + 4
        after = rest[end...]
    }

    var isWholeParagraph: Bool { after.starts(with: "</p>".utf8) }
    var endsLine: Bool { isWholeParagraph || after.starts(with: "<br />".utf8) }

    /// Whether the text is the address itself, which may have been encoded and given a scheme in the link.
    var showsAddress: Bool {
        let shown = Self.encoded(text)
        return shown == address || Array("http://".utf8) + shown == address
    }

    /// Whether the text begins like an address.
    var looksLikeAddress: Bool {
        let start = text.prefix(8).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return ["http://", "https://", "www."].contains { start.starts(with: $0.utf8) }
    }

    /// As the renderer encodes the addresses of links.
    private static func encoded(_ text: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return text.flatMap { byte -> [UInt8] in
            if CardProvider.Pattern.isOfName(byte) || ".~!*();:@=+$,/?#%&'".utf8.contains(byte) {
                return [byte]
            }
            return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }

    private static let entities = [
        ("&amp;", UInt8(ascii: "&")), ("&lt;", UInt8(ascii: "<")), ("&gt;", UInt8(ascii: ">")),
        ("&quot;", UInt8(ascii: "\"")), ("&#x27;", UInt8(ascii: "'")),
    ]

    private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var (bytes, rest) = ([UInt8](), text)
        while let byte = rest.first {
            let entity = byte == UInt8(ascii: "&") ? entities.first { rest.starts(with: $0.0.utf8) } : nil
            bytes.append(entity?.1 ?? byte)
            rest = rest.dropFirst(entity?.0.utf8.count ?? 1)
        }
        return bytes
    }
}
