/// Gathers what is wrong with an input, all of it at once, each fault at its place.
struct Rules {
    private(set) var faults: [Fault] = []

    mutating func require(_ holds: Bool, at pointer: String, _ detail: @autoclosure () -> String) {
        if !holds { faults.append(Fault(pointer, detail())) }
    }

    /// A line of text: not blank, not too long, no control characters.
    mutating func line(_ text: String, at pointer: String, atMost limit: Int) {
        require(!text.isBlank, at: pointer, "must not be blank")
        characters(text, at: pointer, atMost: limit)
        require(
            !text.unicodeScalars.contains { $0.isControl || $0.isLineEnd }, at: pointer,
            "must be one line without control characters")
    }

    /// A text of several lines: not blank, no control characters but tabs and line ends.
    mutating func text(_ text: String, at pointer: String, atMost limit: Int? = nil) {
        require(!text.isBlank, at: pointer, "must not be blank")
        if let limit { characters(text, at: pointer, atMost: limit) }
        require(
            !text.unicodeScalars.contains { $0.isControl && !$0.isLayout }, at: pointer,
            "must not contain NUL or other control characters (tabs and line ends are fine)")
    }

    /// An absolute address that a browser can follow.
    mutating func url(_ text: String, at pointer: String) {
        characters(text, at: pointer, atMost: Limits.urlCharacters)
        if let fault = WebAddress.fault(in: text) { faults.append(Fault(pointer, fault)) }
    }

    /// The length of a list, then each of its items.
    mutating func list<Item>(
        _ items: [Item], at pointer: String, atMost limit: Int, each: (inout Rules, Item, String) -> Void
    ) {
        require(items.count <= limit, at: pointer, "must hold at most \(limit) items, not \(items.count)")
        for (index, item) in items.prefix(limit).enumerated() {
            each(&self, item, "\(pointer)/\(index)")
        }
    }

    /// Tags: short lines, none twice.
    mutating func tags(_ tags: [String], at pointer: String) {
        var seen: Set<[UInt8]> = []
        list(tags, at: pointer, atMost: Limits.tags) { rules, tag, place in
            rules.line(tag, at: place, atMost: Limits.tagCharacters)
            rules.require(seen.insert(Array(tag.utf8)).inserted, at: place, "stands in the list already")
        }
    }

    private mutating func characters(_ text: String, at pointer: String, atMost limit: Int) {
        // No text has more characters than bytes, so counting is for the long ones.
        guard text.utf8.count > limit else { return }
        let count = text.unicodeScalars.count
        require(count <= limit, at: pointer, "must be at most \(limit) characters long, not \(count)")
    }
}

extension String {
    /// Whether a reader would see nothing.
    public var isBlank: Bool {
        unicodeScalars.allSatisfy { $0.properties.isWhitespace || $0.properties.isDefaultIgnorableCodePoint }
    }
}

extension Unicode.Scalar {
    /// The control characters of ASCII and Latin-1.
    fileprivate var isControl: Bool {
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
