/// Bounds on what a CommonMark text may ask of its renderer, checked in one pass over its bytes.
///
/// The time that libcmark 0.30 takes for a blank line grows with the depth of open lists, and for a link with the number of images
/// begun before it: without bounds, for a text with the square of its length.
extension Validator {
    mutating func markdown(_ text: String, at pointer: String) {
        let bytes = Array(text.utf8)
        guard bytes.mayNest else { return }
        var nesting = MarkdownNesting()
        var (images, closers) = (0, 0)
        for (index, line) in MarkdownLines(bytes).enumerated() {
            guard nesting.depth(of: line) <= Limits.markdownDepth else {
                return require(
                    false, at: pointer,
                    "must nest quotes and lists at most \(Limits.markdownDepth) deep, unlike line \(index + 1)"
                )
            }
            images += line.imageCount
            closers += line.count { $0 == UInt8(ascii: "]") }
            guard min(images, closers) <= Limits.markdownImages else {
                return require(
                    false, at: pointer,
                    "must hold at most \(Limits.markdownImages) images, and line \(index + 1) has one more")
            }
        }
    }
}

/// The lines of a text as CommonMark ends them: by LF, CR or both (CommonMark §2.1).
struct MarkdownLines: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func next() -> ArraySlice<UInt8>? {
        guard !rest.isEmpty else { return nil }
        guard let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) else {
            defer { rest = [] }
            return rest
        }
        let line = rest[..<end]
        let isPair = rest[end] == 0x0D && end + 1 < rest.endIndex && rest[end + 1] == 0x0A
        rest = rest[(end + (isPair ? 2 : 1))...]
        return line
    }
}

/// How many quotes and list items are open after each line: never fewer than a parser of CommonMark has, and no more where a text
/// is written as people write.
struct MarkdownNesting {
    /// Items that may be open; quotes have a marker on each line that they hold.
    private var openItems = 0
    private var followsBlankLine = true

    /// Marker and space: what a line must be indented by to stay in an item (CommonMark §5.2).
    private static let leastItemColumns = 2

    /// The depth that the line brings it to; 0 for a line without markers, which opens nothing.
    mutating func depth(of line: ArraySlice<UInt8>) -> Int {
        guard let prefix = MarkdownPrefix(line) else {
            followsBlankLine = true
            return 0
        }
        defer { followsBlankLine = false }
        guard prefix.quotes + prefix.items > 0 else { return 0 }
        let items = min(openItems, prefix.columns / Self.leastItemColumns) + prefix.items
        if prefix.items > 0 {
            // A line that goes on with a paragraph leaves all open that is (laziness, §5.1).
            let isLazy = !followsBlankLine && !prefix.interruptsParagraph
            openItems = isLazy ? max(openItems, items) : items
        }
        return prefix.quotes + items
    }
}

/// The markers of containers at the beginning of a line that is not blank.
private struct MarkdownPrefix {
    private(set) var quotes = 0
    private(set) var items = 0
    /// Of white space before the last marker.
    private(set) var columns = 0
    /// Whether the first item begins where it does even within a paragraph (§5.2): little indented, with a text, and with 1 where
    /// it has a number.
    private(set) var interruptsParagraph = false
    private let line: ArraySlice<UInt8>
    private let rule: Range<Int>

    init?(_ line: ArraySlice<UInt8>) {
        guard let last = line.lastIndex(where: { !$0.isMarkdownSpace }) else { return nil }
        self.line = line
        rule = line[...last].startsOfRule
        readMarkers()
    }

    private mutating func readMarkers() {
        var (place, indent, total) = (line.startIndex, 0, 0)
        while place < line.endIndex, !rule.contains(place) {
            if line[place].isMarkdownSpace {
                // As wide as a tab can be: to count too many columns is safe.
                let width = line[place] == 0x20 ? 1 : 4
                (indent, total, place) = (indent + width, total + width, place + 1)
                continue
            }
            guard let end = endOfMarker(at: place, indent: indent) else { return }
            (indent, columns, place) = (0, total, end)
        }
    }

    /// Counts the marker at the place, if there is one.
    private mutating func endOfMarker(at place: Int, indent: Int) -> Int? {
        if line[place] == UInt8(ascii: ">") {
            quotes += 1
            return place + 1
        }
        guard let end = line[place...].endOfItemMarker else { return nil }
        items += 1
        if items == 1, indent < 4 {
            let hasText = line[end...].contains { !$0.isMarkdownSpace }
            let number = line[place..<end - 1]
            interruptsParagraph = hasText && (number.isEmpty || number.elementsEqual([UInt8(ascii: "1")]))
        }
        return end
    }
}

extension [UInt8] {
    /// Whether a line begins with what may be a marker of a quote or an item, or an image may begin somewhere; without either a text
    /// is within all bounds.
    fileprivate var mayNest: Bool {
        var isLineStart = true
        for (place, byte) in enumerated() {
            switch byte {
            case 0x0A, 0x0D: isLineStart = true
            case 0x20, 0x09: break
            case UInt8(ascii: ">"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "*"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                if isLineStart { return true }
            case UInt8(ascii: "["):
                if place > 0, self[place - 1] == UInt8(ascii: "!") { return true }
                isLineStart = false
            default: isLineStart = false
            }
        }
        return false
    }
}

extension UInt8 {
    fileprivate var isMarkdownSpace: Bool { self == 0x20 || self == 0x09 }
}

extension ArraySlice<UInt8> {
    /// How often an image may begin here.
    fileprivate var imageCount: Int {
        zip(self, dropFirst()).count { $0 == UInt8(ascii: "!") && $1 == UInt8(ascii: "[") }
    }

    /// The end of a bullet or of a number of at most nine digits with its delimiter, if the slice begins with one (§5.2).
    fileprivate var endOfItemMarker: Int? {
        let digits = prefix(10).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
        guard digits <= 9, let delimiter = dropFirst(digits).first else { return nil }
        guard (digits == 0 ? "-+*" : ".)").utf8.contains(delimiter) else { return nil }
        let end = startIndex + digits + 1
        return end == endIndex || self[end].isMarkdownSpace ? end : nil
    }

    /// The places from which the rest of a line, which has no space at its end, is a thematic break (§4.1): at least three of one
    /// mark and nothing but spaces between, which are no items of lists.
    fileprivate var startsOfRule: Range<Int> {
        guard let mark = last, mark == UInt8(ascii: "-") || mark == UInt8(ascii: "*") else { return 0..<0 }
        var (start, end, count) = (endIndex, startIndex, 0)
        while start > startIndex, self[start - 1] == mark || self[start - 1].isMarkdownSpace {
            start -= 1
            guard self[start] == mark else { continue }
            count += 1
            if count == 3 { end = start + 1 }
        }
        return count < 3 ? 0..<0 : start..<end
    }
}
