// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// Writes HTML or XML as bytes and escapes all data.
///
/// It does not check well-formedness: tests of the callers parse the output.
struct MarkupWriter {
    /// Names and values; `nil` omits an attribute, an empty value stands for a boolean one (`hidden=""`).
    typealias Attributes = KeyValuePairs<StaticString, String?>

    /// The markup language, which decides how an empty element ends.
    enum Language { case html, xml }

    /// The markup written so far, in UTF-8.
    private(set) var bytes: [UInt8] = []
    private let language: Language

    init(_ language: Language = .html, capacity: Int = 64 * 1_024) {
        self.language = language
        bytes.reserveCapacity(capacity)
    }

    /// Writes an element; `content` writes its content.
    mutating func element(
        _ name: StaticString, _ attributes: Attributes = [:], _ content: (inout MarkupWriter) -> Void
    ) {
        open(name, attributes)
        bytes.append(UInt8(ascii: ">"))
        content(&self)
        raw("</")
        raw(name)
        bytes.append(UInt8(ascii: ">"))
    }

    /// Writes an element that contains only text; `nil` writes nothing.
    mutating func element(_ name: StaticString, _ attributes: Attributes = [:], text: String?) {
        guard let text else { return }
        element(name, attributes) { $0.text(text) }
    }

    /// Writes an element without content: `<link …>`.
    mutating func empty(_ name: StaticString, _ attributes: Attributes) {
        open(name, attributes)
        raw(language == .xml ? "/>" : ">")
    }

    /// Writes text, escaped.
    mutating func text(_ text: String) {
        var text = text
        text.withUTF8 { escape($0) }
    }

    /// Writes markup that is already safe, without escaping.
    mutating func raw(_ markup: String) {
        bytes.append(contentsOf: markup.utf8)
    }

    /// Writes markup that is already safe, without escaping.
    mutating func raw(_ markup: some Collection<UInt8>) {
        bytes.append(contentsOf: markup)
    }

    private mutating func raw(_ markup: StaticString) {
        markup.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func open(_ name: StaticString, _ attributes: Attributes) {
        bytes.append(UInt8(ascii: "<"))
        raw(name)
        for (name, value) in attributes {
            guard let value else { continue }
            bytes.append(UInt8(ascii: " "))
            raw(name)
            raw("=\"" as StaticString)
            text(value)
            bytes.append(UInt8(ascii: "\""))
        }
    }

    /// Copies runs of plain bytes whole and escapes the characters between them.
    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        var (start, index) = (0, 0)
        while index < text.count {
            guard let (replacement, length) = replacement(in: text, at: index) else {
                index += 1
                continue
            }
            bytes.append(contentsOf: text[start..<index])
            raw(replacement)
            index += length
            start = index
        }
        bytes.append(contentsOf: text[start...])
    }

    /// Returns the replacement of the character that begins here, and the length of that character in bytes.
    private func replacement(in text: UnsafeBufferPointer<UInt8>, at index: Int) -> (StaticString, Int)? {
        switch text[index] {
        case UInt8(ascii: "&"): return ("&amp;", 1)
        case UInt8(ascii: "<"): return ("&lt;", 1)
        case UInt8(ascii: ">"): return ("&gt;", 1)
        case UInt8(ascii: "\""): return ("&quot;", 1)
        case UInt8(ascii: "'"): return ("&#39;", 1)
        // Parsers would normalize it to a line feed.
        case UInt8(ascii: "\r"): return ("&#13;", 1)
        case UInt8(ascii: "\t"), UInt8(ascii: "\n"): return nil
        // Not allowed in XML 1.0 (§2.2), nor in HTML text.
        case 0..<0x20: return ("\u{FFFD}", 1)
        case 0xEF where language == .xml && Self.isNonCharacter(text, at: index): return ("\u{FFFD}", 3)
        default: return nil
        }
    }

    /// Whether U+FFFE or U+FFFF begins here.
    private static func isNonCharacter(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        index + 2 < text.count && text[index + 1] == 0xBF && text[index + 2] >= 0xBE
    }
}

extension MarkupWriter {
    /// Writes a `time` element: machine-readable, and in words for people. Scripts show it as local and relative time.
    mutating func time(_ time: Timestamp) {
        element("time", ["datetime": time.description], text: time.words)
    }
}

extension Timestamp {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Date and time for display: `23 Nov 2026, 20:27 UTC`.
    var words: String {
        let text = description
        func part(_ start: Int, _ count: Int) -> Substring { text.dropFirst(start).prefix(count) }
        let month = Int(part(5, 2)).map { Self.months[$0 - 1] } ?? ""
        let day = part(8, 2).drop { $0 == "0" }  // ascii: a timestamp
        let year = part(0, 4).drop { $0 == "0" }  // ascii: a timestamp
        return "\(day) \(month) \(year), \(part(11, 5)) UTC"
    }
}
