// SPDX-License-Identifier: Apache-2.0
/// A service whose content can be framed, or described by an interface of its own: data, in `CardProvider+Table.swift`.
public struct CardProvider: Sendable {
    /// What it is called.
    public let name: String
    /// What its addresses lead to.
    public let kind: Card.Kind
    /// The hosts of its addresses, exactly.
    public let hosts: [String]
    /// The addresses that can be framed; the first that fits counts.
    let patterns: [Pattern]
    /// The origin of its frames, for a content security policy; `nil` if it has none.
    public let frameOrigin: String?
    /// Where texts are found.
    public let lookup: Lookup

    /// Where the texts of a card are found.
    public enum Lookup: Hashable, Sendable {
        /// In the page itself: Open Graph, or its title.
        case page
        /// By oEmbed: the address of the endpoint, to which the address that was asked for is added.
        case oEmbed(String)
        /// By Bluesky's public interface.
        case bluesky
        /// Nowhere: it shows visitors without an account nothing, or the address says all.
        case none
    }

    /// An address that can be framed, and how.
    struct Pattern: Sendable {
        /// The path: literals, `a|b` for one of them, `{name}` for letters, digits, `-` and `_`, `*` for anything; and `?name={name}` for what
        /// the query must have.
        let path: String
        /// The address of the frame: `{name}` is what was found, `{address}` the address, percent-encoded.
        let frame: String
        let shape: CardFrame.Shape
        /// For addresses that need more than that.
        var place: (@Sendable (WebAddressParts) -> String?)?

        init(_ path: String, _ frame: String, _ shape: CardFrame.Shape) {
            (self.path, self.frame, self.shape) = (path, frame, shape)
        }

        init(_ shape: CardFrame.Shape, place: @escaping @Sendable (WebAddressParts) -> String?) {
            (path, frame, self.shape, self.place) = ("", "", shape, place)
        }
    }

    init(
        _ name: String, _ kind: Card.Kind, hosts: [String], frames origin: String? = nil,
        lookup: Lookup = .page, _ patterns: [Pattern] = []
    ) {
        (self.name, self.kind, self.hosts, self.patterns) = (name, kind, hosts, patterns)
        (frameOrigin, self.lookup) = (origin, lookup)
    }
}

extension CardProvider {
    /// The provider of an address and the frame, if it has one.
    public static func embed(of url: String) -> (provider: CardProvider, frame: CardFrame?)? {
        guard let parts = WebAddressParts(url) else { return nil }
        var described: CardProvider?
        for provider in all where provider.hosts.contains(where: { $0.hasSameBytes(as: parts.host) }) {
            if let frame = provider.frame(of: parts, url) { return (provider, frame) }
            // Without a frame it still may be a post.
            if provider.patterns.isEmpty { described = described ?? provider }
        }
        return described.map { ($0, nil) }
    }

    /// Where the texts of an address are found.
    public static func lookup(of url: String) -> Lookup { embed(of: url)?.provider.lookup ?? .page }

    /// Whether a provider has this name, which no other site should go by.
    public static func isProvider(_ name: String) -> Bool { all.contains { $0.name.hasSameBytes(as: name) } }

    /// The origins that a page must be allowed to frame, each once, in order.
    public static let frameOrigins = Set(all.compactMap(\.frameOrigin)).sorted()

    /// An address of each kind that can be framed.
    public static let examples =
        all.flatMap { provider in
            provider.patterns.filter { $0.place == nil }.map { "https://\(provider.hosts[0])" + $0.example }
        } + ["https://www.google.com/maps/@53.5,9.9,12z", "https://www.openstreetmap.org/#map=12/53.5/9.9"]

    private func frame(of parts: WebAddressParts, _ url: String) -> CardFrame? {
        for pattern in patterns {
            if let place = pattern.place {
                if let found = place(parts) { return CardFrame(url: found, shape: pattern.shape) }
            } else if let found = pattern.match(parts) {
                let values = found + [(name: "address", value: Self.encoded(url))]
                return CardFrame(url: Self.filled(pattern.frame, values), shape: pattern.shape)
            }
        }
        return nil
    }

    /// Percent-encodes all but unreserved characters (RFC 3986 §2.3).
    public static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if Pattern.isOfName(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "~") {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func filled(_ template: String, _ values: Pattern.Values) -> String {
        var (text, rest) = ("", template.utf8[...])
        while let open = rest.firstIndex(of: UInt8(ascii: "{")),
            let close = rest[open...].firstIndex(of: UInt8(ascii: "}"))
        {
            let name = String(Substring(rest[rest.index(after: open)..<close]))
            let value = values.first { $0.name.hasSameBytes(as: name) }?.value
            text += String(Substring(rest[..<open])) + (value ?? "")
            rest = rest[rest.index(after: close)...]
        }
        return text + String(Substring(rest))
    }
}

extension CardProvider.Pattern {
    /// Names of placeholders, and what they stand for.
    typealias Values = [(name: String, value: String)]

    /// What the placeholders stand for; `nil` if the address does not fit.
    func match(_ parts: WebAddressParts) -> Values? {
        let halves = path.utf8.split(separator: UInt8(ascii: "?"))
        let wanted = (halves.first ?? path.utf8[...]).split(separator: UInt8(ascii: "/")).map {
            String(Substring($0))
        }
        guard wanted.count == parts.segments.count else { return nil }
        var found: Values = []
        for (pattern, segment) in zip(wanted, parts.segments) {
            guard Self.fits(segment, pattern, &found) else { return nil }
        }
        guard halves.count == 2 else { return found }
        let pair = halves[1].split(separator: UInt8(ascii: "=")).map { String(Substring($0)) }
        guard let value = parts.value(of: pair[0]), Self.fits(value, pair[1], &found) else { return nil }
        return found
    }

    /// A path that fits.
    var example: String {
        let parts = path.utf8.split(separator: UInt8(ascii: "?")).map { String(Substring($0)) }
        let segments = parts[0].utf8.split(separator: UInt8(ascii: "/")).map { segment in
            let first = String(
                Substring(segment.prefix { $0 != UInt8(ascii: "|") && $0 != UInt8(ascii: "{") }))
            return segment.contains(UInt8(ascii: "{")) || segment.first == UInt8(ascii: "*") ? "x1" : first
        }
        let query = parts.count < 2 ? "" : "?" + parts[1].utf8.prefix { $0 != UInt8(ascii: "{") }.text + "x1"
        return "/" + segments.joined(separator: "/") + query
    }

    /// Characters of a placeholder's value, at most: far more than any id has.
    private static let idBytes = 200

    private static func fits(_ segment: String, _ pattern: String, _ found: inout Values) -> Bool {
        guard let open = pattern.utf8.firstIndex(of: UInt8(ascii: "{")) else {
            return pattern.hasSameBytes(as: "*") ? !segment.isEmpty : isOneOf(pattern, segment, &found)
        }
        let before = pattern.utf8[..<open]
        guard segment.utf8.starts(with: before), pattern.utf8.last == UInt8(ascii: "}") else { return false }
        let value = segment.utf8.dropFirst(before.count)
        guard (1...idBytes).contains(value.count), value.allSatisfy(isOfName) else { return false }
        let name = pattern.utf8[pattern.utf8.index(after: open)...].dropLast()
        found.append((name: String(Substring(name)), value: String(Substring(value))))
        return true
    }

    /// Whether a segment is one of `a|b`, which the frame has as `{kind}`.
    private static func isOneOf(_ pattern: String, _ segment: String, _ found: inout Values) -> Bool {
        let names = pattern.utf8.split(separator: UInt8(ascii: "|"))
        guard names.contains(where: { $0.elementsEqual(segment.utf8) }) else { return false }
        if names.count > 1 { found.append((name: "kind", value: segment)) }
        return true
    }

    static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

extension Substring.UTF8View {
    fileprivate var text: String { String(Substring(self)) }
}
