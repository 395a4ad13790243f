// SPDX-License-Identifier: Apache-2.0
/// Gathers what is wrong with an input, all of it at once, each fault at its place.
struct Validator {
    private(set) var errors: [ValidationError] = []

    mutating func require(_ holds: Bool, at pointer: String, _ detail: @autoclosure () -> String) {
        if !holds { errors.append(ValidationError(pointer, detail())) }
    }

    /// A line of text: not blank, not too long, no control characters.
    mutating func line(_ text: String, at pointer: String, atMost limit: Int) {
        require(!text.isBlank, at: pointer, "must not be blank")
        characters(text, at: pointer, atMost: limit)
        if let place = text.firstPlace(where: { $0.isControl || $0.isLineEnd }) {
            errors.append(
                ValidationError(pointer, "must be one line without control characters, unlike \(place)"))
        }
    }

    /// A text of several lines: not blank, no control characters but tabs and line ends.
    mutating func text(_ text: String, at pointer: String, atMost limit: Int? = nil) {
        require(!text.isBlank, at: pointer, "must not be blank")
        if let limit { characters(text, at: pointer, atMost: limit) }
        if let place = text.firstPlace(where: { $0.isControl && !$0.isLayout }) {
            let rule = "must not contain NUL or other control characters (tabs and line ends are fine)"
            errors.append(ValidationError(pointer, "\(rule), unlike \(place)"))
        }
    }

    /// An absolute address that a browser can follow.
    mutating func url(_ text: String, at pointer: String) {
        characters(text, at: pointer, atMost: Limits.urlCharacters)
        if let place = text.firstPlace(where: \.isControl) {
            errors.append(
                ValidationError(pointer, "must be a URL without control characters, unlike \(place)"))
        } else if let fault = WebAddress.fault(in: text) {
            errors.append(ValidationError(pointer, fault))
        }
    }

    /// The length of a list, then each of its items.
    mutating func list<Item>(
        _ items: [Item], at pointer: String, atMost limit: Int, each: (inout Validator, Item, String) -> Void
    ) {
        require(items.count <= limit, at: pointer, "must hold at most \(limit) items, not \(items.count)")
        for (index, item) in items.prefix(limit).enumerated() {
            each(&self, item, "\(pointer)/\(index)")
        }
    }

    private mutating func characters(_ text: String, at pointer: String, atMost limit: Int) {
        // No text has more characters than bytes, so counting is for the long ones.
        guard text.utf8.count > limit else { return }
        let count = text.unicodeScalars.count
        require(count <= limit, at: pointer, "must be at most \(limit) characters long, not \(count)")
    }
}

extension StringProtocol {
    /// Whether a reader would see nothing. The one definition of blank.
    public var isBlank: Bool { unicodeScalars.allSatisfy(\.isBlank) }

    /// Where the first scalar stands of which something holds.
    fileprivate func firstPlace(where holds: (Unicode.Scalar) -> Bool) -> TextPlace? {
        // What is looked for are control characters and line ends, of which visible ASCII has none.
        guard !utf8.allSatisfy({ 0x20...0x7E ~= $0 }) else { return nil }
        guard let index = unicodeScalars.firstIndex(where: holds) else { return nil }
        var place = TextPlace(scalar: unicodeScalars[index])
        var previous: Unicode.Scalar = " "
        for scalar in unicodeScalars[..<index] {
            place.pass(scalar, after: previous)
            previous = scalar
        }
        return place
    }
}

/// A scalar of a text and where it stands, as editors of texts count: lines and columns from 1.
private struct TextPlace: CustomStringConvertible {
    let scalar: Unicode.Scalar
    private var (line, column) = (1, 1)

    init(scalar: Unicode.Scalar) { self.scalar = scalar }

    /// Goes on behind a scalar; CR and LF together are one line end.
    mutating func pass(_ passed: Unicode.Scalar, after previous: Unicode.Scalar) {
        if passed == "\n", previous == "\r" { return }  // scalars: both are
        let isLineEnd = passed == "\n" || passed == "\r"  // scalars: it is one
        (line, column) = isLineEnd ? (line + 1, 1) : (line, column + 1)
    }

    /// `U+000B at line 2, column 5`.
    var description: String { "\(scalar.codePoint) at line \(line), column \(column)" }
}

extension Unicode.Scalar {
    /// Whether a reader sees nothing of it.
    var isBlank: Bool {
        // Without the tables of Unicode, for most texts begin with a letter of ASCII.
        guard !isASCII else { return value == 0x20 || 0x09...0x0D ~= value }
        return properties.isWhitespace || properties.isDefaultIgnorableCodePoint
    }

    /// Its number as Unicode writes it: `U+000B`.
    var codePoint: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    /// The control characters of ASCII and Latin-1.
    var isControl: Bool {
        value < 0x20 || (0x7F...0x9F).contains(value)
    }

    /// The line ends that are no control characters.
    fileprivate var isLineEnd: Bool {
        self == "\u{2028}" || self == "\u{2029}"  // scalars: self is one
    }

    /// The control characters that lay a text out.
    fileprivate var isLayout: Bool {
        self == "\n" || self == "\r" || self == "\t"  // scalars: self is one
    }
}
