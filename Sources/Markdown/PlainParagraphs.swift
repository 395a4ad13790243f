/// A fast path for what most updates are: paragraphs of plain text, with emphasis around words. They need no parser, and become the
/// same HTML byte for byte; at the first byte that may mean anything else it gives up.
struct PlainParagraphs {
    private let text: UnsafeBufferPointer<UInt8>
    private var html: [UInt8] = []
    private var place = 0
    /// Asterisks of the emphasis that is open; 0 where none is.
    private var openAsterisks = 0

    private init(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text
        html.reserveCapacity(text.count + 64)
    }

    /// The HTML of a text; nil where the parser must be asked.
    static func html(of text: String) -> String? {
        var text = text
        return text.withUTF8 { bytes in
            var paragraphs = PlainParagraphs(bytes)
            return paragraphs.write() ? String(decoding: paragraphs.html, as: UTF8.self) : nil
        }
    }

    private mutating func write() -> Bool {
        while true {
            while byte(at: place) == 0x0A, place < text.count { place += 1 }
            guard place < text.count else { return true }
            guard writeParagraph() else { return false }
        }
    }

    private mutating func writeParagraph() -> Bool {
        html += "<p>".utf8
        while true {
            guard mayBeginLine, writeLine() else { return false }
            guard byte(at: place + 1) != 0x0A else { break }
            html += "<br />\n".utf8
            place += 1
        }
        html += "</p>\n".utf8
        return openAsterisks == 0
    }

    /// The byte at a place; a line end behind the last.
    private func byte(at place: Int) -> UInt8 { place < text.count ? text[place] : 0x0A }

    /// Whether the line at hand begins with a word: with nothing that may be a marker of a block, an indentation or a byte order mark.
    private var mayBeginLine: Bool {
        switch text[place] {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "*"),
            UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "("), 0x80..<0xEF:
            true
        default: false
        }
    }

    private mutating func writeLine() -> Bool {
        var start = place
        while place < text.count, text[place] != 0x0A {
            switch text[place] {
            case UInt8(ascii: "*"), UInt8(ascii: "\""):
                copy(from: start)
                guard writeMark() else { return false }
                start = place
            case let byte where isPlain(byte): place += 1
            default: return false
            }
        }
        copy(from: start)
        // Spaces at the end of a line are dropped, or break it.
        return text[place - 1] != 0x20
    }

    private mutating func copy(from start: Int) {
        html += UnsafeBufferPointer(rebasing: text[start..<place])
    }

    /// Whether the byte at hand stands for itself within a line.
    private func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "w"), UInt8(ascii: "W"): self.byte(at: place + 1) | 0x20 != UInt8(ascii: "w")
        case UInt8(ascii: ":"): self.byte(at: place + 1) != UInt8(ascii: "/")
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "'")...UInt8(ascii: "9"), UInt8(ascii: " "), UInt8(ascii: "!"),
            UInt8(ascii: "#")...UInt8(ascii: "%"), UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "?"),
            0x80...0xFF:
            true
        default: false
        }
    }

    private mutating func writeMark() -> Bool {
        guard text[place] == UInt8(ascii: "*") else {
            html += "&quot;".utf8
            place += 1
            return true
        }
        return writeEmphasis()
    }

    /// Begins or ends emphasis where asterisks can do nothing else (CommonMark §6.2): between white space and a word, or between a word
    /// and white space or punctuation.
    private mutating func writeEmphasis() -> Bool {
        let count = byte(at: place + 1) == UInt8(ascii: "*") ? 2 : 1
        let (before, after) = (place > 0 ? text[place - 1] : 0x0A, byte(at: place + count))
        let name = count == 1 ? "em>" : "strong>"
        place += count
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
