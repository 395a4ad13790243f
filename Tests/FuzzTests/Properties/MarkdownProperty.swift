// SPDX-License-Identifier: Apache-2.0
import Markdown

extension Property {
    /// For any text, the rendered HTML has only known tags with known attributes, properly nested, and no link that
    /// executes code.
    static let markdown = Property(name: "markdown") { bytes in
        var reader = HTMLReader(Markdown.html(String(decoding: bytes, as: UTF8.self)))
        return reader.violation()
    }
}

/// Parses HTML in the strict form that the renderer writes, and detects deviations.
struct HTMLReader {
    private let bytes: [UInt8]
    private var offset = 0
    private var open: [String] = []

    /// The allowed tags and their attributes.
    private static let tags: [String: Set<String>] = [
        "p": [], "h4": [], "h5": [], "h6": [], "em": [], "strong": [],
        "blockquote": [],
        "pre": [], "code": ["class"], "ul": [], "ol": ["start"], "li": [], "a": ["href", "title"],
        "img": ["src", "alt", "title"], "hr": [], "br": [], "del": [],
        "input": ["type", "checked", "disabled"],
        "table": [], "thead": [], "tbody": [], "tr": [], "th": ["align"], "td": ["align"],
    ]
    private static let empty: Set<String> = ["img", "hr", "br", "input"]

    init(_ html: String) { bytes = Array(html.utf8) }

    /// The first violation; nil if there is none.
    mutating func violation() -> String? {
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "<"): if let violation = tagViolation() { return "\(violation) at \(offset)" }
            case UInt8(ascii: ">"): return "a bare > at \(offset)"
            case UInt8(ascii: "&"): if entity() == nil { return "a bare & at \(offset)" }
            default: offset += 1
            }
        }
        return open.isEmpty ? nil : "\(open) are not closed"
    }

    private mutating func tagViolation() -> String? {
        offset += 1
        let isEnd = take("/")
        let name = word()
        guard let known = Self.tags[name] else { return "an unknown tag \(name.debugDescription)" }
        if isEnd {
            guard open.popLast() == name else { return "\(name) is closed but not open" }
            return take(">") ? nil : "an end tag with more in it"
        }
        while take(" "), !take("/") {
            let attribute = word()
            guard known.contains(attribute) else {
                return "an attribute \(attribute.debugDescription) of \(name)"
            }
            guard take("="), take("\""), let value = quoted() else {
                return "an attribute without a value in quotes"
            }
            if let violation = Self.valueViolation(attribute, value) { return violation }
        }
        if !Self.empty.contains(name) { open.append(name) }
        return take(">") ? nil : "a tag without an end"
    }

    private static func valueViolation(_ attribute: String, _ value: String) -> String? {
        switch attribute {
        case "start": Int(value) == nil ? "a start that is no number" : nil
        case "class": value.utf8.starts(with: "language-".utf8) ? nil : "a class \(value.debugDescription)"
        case "href", "src": runs(value) ? "a link that runs: \(value.debugDescription)" : nil
        default: nil
        }
    }

    /// Whether a browser may execute it: leading control characters, tabs and newlines are ignored (URL Standard §4.4).
    private static func runs(_ link: String) -> Bool {
        let scalars = link.unicodeScalars.drop { $0.value <= 0x20 }.filter {
            !["\t", "\n", "\r"].contains($0)
        }
        var text = ""
        for scalar in scalars.prefix(20) { text += scalar.properties.lowercaseMapping }
        // Bytewise, as in browsers: in a Swift string, a following combining mark would be part of the last character.
        func begins(_ start: String) -> Bool { text.utf8.starts(with: start.utf8) }
        return ["javascript:", "vbscript:", "file:", "data:"].contains(where: begins)
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func word() -> String {
        let start = offset
        while offset < bytes.count, isWordByte(bytes[offset]) { offset += 1 }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// The decoded text up to the closing quote; nil if it contains an unescaped character.
    private mutating func quoted() -> String? {
        var text: [UInt8] = []
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                offset += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "<"), UInt8(ascii: ">"): return nil
            case UInt8(ascii: "&"):
                guard let character = entity() else { return nil }
                text.append(character)
            case let byte:
                text.append(byte)
                offset += 1
            }
        }
        return nil
    }

    /// Decodes an entity; nil unless it is one that the renderer writes.
    private mutating func entity() -> UInt8? {
        for (name, character) in [
            ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"),
        ]
        where bytes[offset...].starts(with: name.utf8) {
            offset += name.utf8.count
            return character.utf8.first
        }
        return nil
    }
}
