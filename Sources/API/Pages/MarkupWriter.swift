// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// Writes HTML or XML as bytes and escapes all data.
///
/// It does not check well-formedness: tests of the callers parse the output.
struct MarkupWriter {
    /// Names and values; `nil` omits an attribute, an empty value stands for a boolean one (`hidden=""`).
    typealias Attributes = KeyValuePairs<StaticString, String?>

    /// The markup language, which decides how an empty element ends.
    enum Syntax { case html, xml }

    /// The markup written so far, in UTF-8.
    private(set) var bytes: [UInt8] = []
    private let syntax: Syntax
    /// The words of our own.
    let words: Words
    /// The language of what editors wrote (BCP 47), as `lang` has it: empty if it is not known.
    var written: String
    /// The origin of this server on pages of other sites, which precedes its addresses there; empty on its own pages.
    let origin: String

    init(
        _ syntax: Syntax = .html, in language: PageLanguage, capacity: Int = 64 * 1_024, origin: String = ""
    ) {
        (self.syntax, words, written, self.origin) = (syntax, language.words, language.written, origin)
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
        raw(syntax == .xml ? "/>" : ">")
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

    /// Writes what `transform` makes of what `content` writes.
    mutating func replace(
        _ content: (inout MarkupWriter) -> Void, with transform: (ArraySlice<UInt8>) -> [UInt8]
    ) {
        let start = bytes.count
        content(&self)
        bytes.replaceSubrange(start..., with: transform(bytes[start...]))
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
            if isAddressOfServer(name, value) { text(origin) }
            text(value)
            bytes.append(UInt8(ascii: "\""))
        }
    }

    /// Whether an attribute has an address of this server, which must be completed.
    private func isAddressOfServer(_ name: StaticString, _ value: String) -> Bool {
        guard !origin.isEmpty, value.utf8.starts(with: "/".utf8), !value.utf8.starts(with: "//".utf8) else {
            return false
        }
        return name.withUTF8Buffer { $0.elementsEqual("href".utf8) || $0.elementsEqual("src".utf8) }
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
        case 0xEF where syntax == .xml && Self.isNonCharacter(text, at: index): return ("\u{FFFD}", 3)
        default: return nil
        }
    }

    /// Whether U+FFFE or U+FFFF begins here.
    private static func isNonCharacter(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        index + 2 < text.count && text[index + 1] == 0xBF && text[index + 2] >= 0xBE
    }
}

// MARK: Words

extension MarkupWriter {
    /// Attributes of what editors wrote: its direction is that of its text.
    var ofWritten: Attributes { ["dir": "auto", "lang": written] }

    /// Writes words of our own, by the key of the catalogue; `fill` writes the value of a placeholder.
    mutating func say(
        _ key: String, count: Int? = nil, _ fill: (inout MarkupWriter, String) -> Void = { _, _ in }
    ) {
        for piece in words.pieces(key, count: count) {
            switch piece {
            case .text(let part): text(part)
            case .value("count") where count != nil: text(String(count ?? 0))
            case .value(let name): fill(&self, name)
            }
        }
    }

    /// Writes an element that contains only words of our own.
    mutating func element(_ name: StaticString, _ attributes: Attributes = [:], words key: String) {
        element(name, attributes) { $0.say(key) }
    }

    /// Writes a `time` element: machine-readable, and in words for people. Scripts show it as local and relative time.
    mutating func time(_ time: Timestamp) {
        element("time", ["datetime": time.description], text: words.dateTime(time))
    }
}
