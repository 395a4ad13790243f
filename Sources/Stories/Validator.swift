// SPDX-License-Identifier: Apache-2.0
/// Collects all violations in an input, each with its JSON Pointer.
struct Validator {
    private(set) var errors: [ValidationError] = []

    mutating func require(_ holds: Bool, at pointer: String, _ detail: @autoclosure () -> String) {
        if !holds { errors.append(ValidationError(pointer, detail())) }
    }

    /// Validates a line of text: not blank, within the limit, without control characters and line ends.
    mutating func line(_ text: String, at pointer: String, atMost limit: Int) {
        require(!text.isBlank, at: pointer, "must not be blank")
        characters(text, at: pointer, atMost: limit)
        if let place = text.firstPlace(where: { $0.isControl || $0.isLineEnd }) {
            errors.append(
                ValidationError(pointer, "must be one line without control characters, unlike \(place)"))
        }
    }

    /// Validates a multi-line text: not blank, within the limit, without control characters except tabs and line ends.
    mutating func text(_ text: String, at pointer: String, atMost limit: Int? = nil) {
        require(!text.isBlank, at: pointer, "must not be blank")
        if let limit { characters(text, at: pointer, atMost: limit) }
        if let place = text.firstPlace(where: { $0.isControl && !$0.isLayout }) {
            let rule = "must not contain NUL or other control characters (tabs and line ends are fine)"
            errors.append(ValidationError(pointer, "\(rule), unlike \(place)"))
        }
    }

    /// Validates an absolute http or https URL.
    mutating func url(_ text: String, at pointer: String) {
        characters(text, at: pointer, atMost: Limits.urlCharacters)
        if let place = text.firstPlace(where: \.isControl) {
            errors.append(
                ValidationError(pointer, "must be a URL without control characters, unlike \(place)"))
        } else if let fault = WebAddress.fault(in: text) {
            errors.append(ValidationError(pointer, fault))
        }
    }

    /// Validates the address of a medium: an absolute http or https URL, or a reference to an asset of this server.
    mutating func mediaURL(_ text: String, at pointer: String) {
        guard MediaReference(text) == nil else { return }
        guard text.utf8.first == UInt8(ascii: "/") else { return url(text, at: pointer) }
        errors.append(
            ValidationError(
                pointer,
                "must be an absolute http or https URL, or /media/ and the id of a picture uploaded here"))
    }

    /// Validates the address of a picture of the site, which every page loads: an absolute https URL, or a reference to an asset of this
    /// server.
    mutating func sitePicture(_ text: String, at pointer: String) {
        guard MediaReference(text) == nil else { return }
        secureURL(text, at: pointer, or: ", or /media/ and the id of a picture uploaded here")
    }

    /// Validates the address of a script. Its host has letters, digits, dots and hyphens only: others mean something in a content security
    /// policy.
    mutating func script(_ text: String, at pointer: String) {
        secureURL(text, at: pointer)
        let origin = SiteSlot(name: "", purpose: .analytics, script: text).origin
        let isPlain = origin.utf8.dropFirst("https://".utf8.count).allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || ".-:".utf8.contains(byte)
        }
        require(isPlain, at: pointer, "must name a host of letters, digits, dots and hyphens")
    }

    /// Validates an absolute https URL; `other` is what else it may be.
    mutating func secureURL(_ text: String, at pointer: String, or other: String = "") {
        guard text.utf8.prefix(6).map({ $0 | 0x20 }).elementsEqual("https:".utf8.map { $0 | 0x20 }) else {
            return errors.append(ValidationError(pointer, "must be an absolute https URL\(other)"))
        }
        url(text, at: pointer)
    }

    /// Validates a style sheet that is written into pages: nothing in it may end the element that it is in, and nothing may be loaded by
    /// `@import`, which the policy of pages refuses.
    mutating func css(_ text: String, at pointer: String) {
        self.text(text, at: pointer)
        require(
            text.utf8.count <= Limits.cssBytes, at: pointer,
            "must be at most \(Limits.cssBytes) bytes long, not \(text.utf8.count)")
        let lower = text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
        for (part, reason) in [
            ("</", "it would end the style of the page"), ("<!--", "it would end the style of the page"),
            ("@import", "the policy of pages refuses it: put the rules here"),
            ("@charset", "pages are UTF-8"),
        ] {
            require(
                lower[...].firstRange(ofUTF8: part) == nil, at: pointer, "must not contain \(part): \(reason)"
            )
        }
    }

    /// Validates the target of a link: an absolute http or https URL, or a path of this site.
    mutating func address(_ text: String, at pointer: String) {
        guard text.utf8.first == UInt8(ascii: "/") else { return url(text, at: pointer) }
        // Browsers read a backslash as a slash, and two slashes as the beginning of a host.
        let isPath =
            !text.utf8.dropFirst().prefix(1).elementsEqual("/".utf8)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }
        require(
            isPath, at: pointer,
            "must be an absolute http or https URL, or a path of this site in visible ASCII characters, such as /live/budget"
        )
        characters(text, at: pointer, atMost: Limits.urlCharacters)
    }

    /// Validates the length of a list, then each item up to the limit.
    mutating func list<Item>(
        _ items: [Item], at pointer: String, atMost limit: Int, each: (inout Validator, Item, String) -> Void
    ) {
        require(items.count <= limit, at: pointer, "must hold at most \(limit) items, not \(items.count)")
        for (index, item) in items.prefix(limit).enumerated() {
            each(&self, item, "\(pointer)/\(index)")
        }
    }

    private mutating func characters(_ text: String, at pointer: String, atMost limit: Int) {
        // A text has at most as many characters as bytes, so most need no counting.
        guard text.utf8.count > limit else { return }
        let count = text.unicodeScalars.count
        require(count <= limit, at: pointer, "must be at most \(limit) characters long, not \(count)")
    }
}

extension StringProtocol {
    /// Whether it has no visible characters (the only definition of blank).
    public var isBlank: Bool { unicodeScalars.allSatisfy(\.isBlank) }

    /// The position of the first scalar that satisfies the predicate.
    fileprivate func firstPlace(where holds: (Unicode.Scalar) -> Bool) -> TextPlace? {
        // Fast path: callers search for control characters and line ends.
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

/// A scalar with its position in a text, as text editors show it: line and column, from 1.
private struct TextPlace: CustomStringConvertible {
    let scalar: Unicode.Scalar
    private var (line, column) = (1, 1)

    init(scalar: Unicode.Scalar) { self.scalar = scalar }

    /// Advances past a scalar; CRLF is one line end.
    mutating func pass(_ passed: Unicode.Scalar, after previous: Unicode.Scalar) {
        if passed == "\n", previous == "\r" { return }  // scalars: both are
        let isLineEnd = passed == "\n" || passed == "\r"  // scalars: it is one
        (line, column) = isLineEnd ? (line + 1, 1) : (line, column + 1)
    }

    /// `U+000B at line 2, column 5`.
    var description: String { "\(scalar.codePoint) at line \(line), column \(column)" }
}

extension Unicode.Scalar {
    /// Whether it is invisible: white space or default-ignorable.
    var isBlank: Bool {
        // Fast path without Unicode tables: most texts begin with an ASCII letter.
        guard !isASCII else { return value == 0x20 || 0x09...0x0D ~= value }
        return properties.isWhitespace || properties.isDefaultIgnorableCodePoint
    }

    /// The code point in Unicode notation: `U+000B`.
    var codePoint: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    /// Control characters: C0, DEL and C1.
    var isControl: Bool {
        value < 0x20 || (0x7F...0x9F).contains(value)
    }

    /// The line ends that are not control characters: LINE SEPARATOR and PARAGRAPH SEPARATOR.
    fileprivate var isLineEnd: Bool {
        self == "\u{2028}" || self == "\u{2029}"  // scalars: self is one
    }

    /// The control characters that are allowed in multi-line text.
    fileprivate var isLayout: Bool {
        self == "\n" || self == "\r" || self == "\t"  // scalars: self is one
    }
}
