// SPDX-License-Identifier: Apache-2.0
/// Fast path for most updates: plain paragraphs with emphasis around words. Renders without the parser to byte-identical
/// HTML, and gives up at the first byte that may be other markup.
struct PlainParagraphs {
    private let text: UnsafeBufferPointer<UInt8>
    private var html: [UInt8] = []
    private var offset = 0
    /// Number of asterisks of the open emphasis; 0 if none is open.
    private var openAsterisks = 0

    private init(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text
        html.reserveCapacity(text.count + 64)
    }

    /// The HTML of a text; `nil` if it needs the parser.
    static func html(of text: String) -> String? {
        var text = text
        return text.withUTF8 { bytes in
            var paragraphs = PlainParagraphs(bytes)
            return paragraphs.write() ? String(decoding: paragraphs.html, as: UTF8.self) : nil
        }
    }

    private mutating func write() -> Bool {
        while true {
            while byte(at: offset) == 0x0A, offset < text.count { offset += 1 }
            guard offset < text.count else { return true }
            guard writeParagraph() else { return false }
        }
    }

    private mutating func writeParagraph() -> Bool {
        html += "<p>".utf8
        while true {
            guard mayBeginLine, writeLine() else { return false }
            guard byte(at: offset + 1) != 0x0A else { break }
            html += "<br />\n".utf8
            offset += 1
        }
        html += "</p>\n".utf8
        return openAsterisks == 0
    }

    /// The byte at an offset; a newline past the end.
    private func byte(at offset: Int) -> UInt8 { offset < text.count ? text[offset] : 0x0A }

    /// Whether the current line begins with a word: no block marker, indentation or byte order mark.
    private var mayBeginLine: Bool {
        switch text[offset] {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "*"),
            UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "("), 0x80..<0xEF:
            true
        default: false
        }
    }

    private mutating func writeLine() -> Bool {
        var start = offset
        while offset < text.count, text[offset] != 0x0A {
            switch text[offset] {
            case UInt8(ascii: "*"), UInt8(ascii: "\""):
                copy(from: start)
                guard writeMark() else { return false }
                start = offset
            case let byte where isPlain(byte): offset += 1
            default: return false
            }
        }
        copy(from: start)
        // Trailing spaces are dropped or are a hard line break.
        return text[offset - 1] != 0x20
    }

    private mutating func copy(from start: Int) {
        html += UnsafeBufferPointer(rebasing: text[start..<offset])
    }

    /// Whether the current byte is literal inside a line.
    private func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "w"), UInt8(ascii: "W"): self.byte(at: offset + 1) | 0x20 != UInt8(ascii: "w")
        case UInt8(ascii: ":"): self.byte(at: offset + 1) != UInt8(ascii: "/")
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "'")...UInt8(ascii: "9"), UInt8(ascii: " "), UInt8(ascii: "!"),
            UInt8(ascii: "#")...UInt8(ascii: "%"), UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "?"),
            0x80...0xFF:
            true
        default: false
        }
    }

    private mutating func writeMark() -> Bool {
        guard text[offset] == UInt8(ascii: "*") else {
            html += "&quot;".utf8
            offset += 1
            return true
        }
        return writeEmphasis()
    }

    /// Opens or closes emphasis where its meaning is unambiguous (CommonMark §6.2): between white space and a word, or
    /// between a word and white space or punctuation.
    private mutating func writeEmphasis() -> Bool {
        let count = byte(at: offset + 1) == UInt8(ascii: "*") ? 2 : 1
        let (before, after) = (offset > 0 ? text[offset - 1] : 0x0A, byte(at: offset + count))
        let name = count == 1 ? "em>" : "strong>"
        offset += count
        if openAsterisks == 0, before == 0x20 || before == 0x0A, after.isASCIIAlphanumeric {
            html += "<".utf8
            openAsterisks = count
        } else if openAsterisks == count, before.isASCIIAlphanumeric, Self.mayFollowEmphasis(after) {
            html += "</".utf8
            openAsterisks = 0
        } else {
            return false
        }
        html += name.utf8
        return true
    }

    private static func mayFollowEmphasis(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || ".,;:?!)".utf8.contains(byte)
    }
}
