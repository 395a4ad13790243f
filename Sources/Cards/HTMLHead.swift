// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// What the head of a page of another site says of it: Open Graph properties, the description and the title.
///
/// A tolerant scanner, not a parser: it looks for `<meta …>` and `<title>` up to the body, in one pass, and takes nothing but text. What it
/// does not find is missing, whatever else is there.
struct HTMLHead {
    /// By name in lower case, such as `og:title`; the first of each counts.
    private(set) var properties: [String: String] = [:]
    /// The text of the first `<title>`.
    private(set) var title: String?

    /// Properties that are kept.
    private static let names: Set<String> = [  // ascii: names of ours
        "og:title", "og:description", "og:site_name", "og:type", "description", "twitter:title",
        "twitter:description", "author", "article:author", "og:image:secure_url", "og:image:url", "og:image",
        "twitter:image",
    ]
    /// Elements whose content is not markup, and in which tags are skipped.
    private static let opaque = ["script", "style", "noscript", "template", "textarea", "svg"]

    init(_ page: [UInt8]) {
        var scanner = TagScanner(page[...])
        while let tag = scanner.next() {
            if tag.name.hasSameBytes(as: "body") { return }
            if tag.name.hasSameBytes(as: "meta") { keep(tag) }
            if tag.name.hasSameBytes(as: "title") {
                let text = scanner.skip(to: "title")
                if title == nil { title = HTMLText.text(of: text) }
            }
            if let name = Self.opaque.first(where: { tag.name.hasSameBytes(as: $0) }) {
                _ = scanner.skip(to: name)
            }
        }
    }

    private mutating func keep(_ tag: Tag) {
        guard let content = tag["content"] else { return }
        for attribute in ["property", "name"] {
            guard let value = tag[attribute] else { continue }
            let name = String(decoding: value.map(lowercase), as: UTF8.self)
            if Self.names.contains(name), properties[name] == nil {
                properties[name] = HTMLText.unescaped(content)
            }
        }
    }
}

/// A start tag.
struct Tag {
    /// In lower case.
    let name: String
    fileprivate var attributes: [(name: [UInt8], value: ArraySlice<UInt8>)] = []

    /// The value of an attribute, as it is written.
    subscript(name: String) -> ArraySlice<UInt8>? {
        attributes.first { $0.name.elementsEqual(name.utf8) }?.value
    }
}

/// Finds start tags.
struct TagScanner {
    private var rest: ArraySlice<UInt8>
    /// Attributes of a tag that are read; the others are passed over.
    private static let mostAttributes = 20

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next start tag; `nil` at the end.
    mutating func next() -> Tag? {
        while let open = rest.firstIndex(of: UInt8(ascii: "<")) {
            rest = rest[(open + 1)...]
            if rest.starts(with: "!--".utf8) {
                skip(behind: "-->")
            } else if let first = rest.first, isLetter(first) {
                return tag()
            }
        }
        rest = []
        return nil
    }

    /// Passes over the content of an element without markup, and returns it.
    mutating func skip(to name: String) -> ArraySlice<UInt8> {
        let (content, end) = (rest, Array("</\(name)".utf8))
        while let open = rest.firstIndex(of: UInt8(ascii: "<")) {
            if rest[open...].prefix(end.count).map(lowercase) == end {
                rest = rest[(open + end.count)...]
                return content[..<open]
            }
            rest = rest[(open + 1)...]
        }
        rest = []
        return content
    }

    private mutating func skip(behind end: String) {
        rest = rest.firstRange(ofUTF8: end).map { rest[$0.upperBound...] } ?? []
    }

    private mutating func tag() -> Tag {
        var tag = Tag(name: String(decoding: word().map(lowercase), as: UTF8.self))
        while true {
            rest = rest.drop { isSpace($0) || $0 == UInt8(ascii: "/") }
            guard let byte = rest.first, byte != UInt8(ascii: ">") else { break }
            let name = word()
            // Such as a stray quotation mark or `=`.
            guard !name.isEmpty else {
                rest = rest.dropFirst()
                continue
            }
            let value = self.value()
            if tag.attributes.count < Self.mostAttributes {
                tag.attributes.append((name.map(lowercase), value))
            }
        }
        rest = rest.dropFirst()
        return tag
    }

    private mutating func word() -> ArraySlice<UInt8> {
        let word = rest.prefix { !isSpace($0) && !"/>=\"'<".utf8.contains($0) }
        rest = rest[word.endIndex...]
        return word
    }

    private mutating func value() -> ArraySlice<UInt8> {
        let behind = rest.drop(while: isSpace)
        guard behind.first == UInt8(ascii: "=") else { return [] }
        rest = behind.dropFirst().drop(while: isSpace)
        guard let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            let value = rest.prefix { !isSpace($0) && $0 != UInt8(ascii: ">") }
            rest = rest[value.endIndex...]
            return value
        }
        let value = rest.dropFirst().prefix { $0 != quote }
        rest = rest[value.endIndex...].dropFirst()
        return value
    }
}

func lowercase(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(lowercase(byte)) }

private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
