// SPDX-License-Identifier: Apache-2.0
/// Limits on the complexity of CommonMark input, checked in one pass over its bytes.
///
/// libcmark 0.30 takes time proportional to the depth of open lists for each blank line, and to the number of images begun
/// before it for each link: quadratic without limits.
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

/// The lines of a text, ended by LF, CR or CRLF (CommonMark §2.1).
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

/// Upper bound of the number of open quotes and list items after each line: never less than a CommonMark parser has, and
/// exact for ordinary text.
struct MarkdownNesting {
    /// List items that may be open. Quotes need no state: each of their lines has a marker.
    private var openItems = 0
    private var followsBlankLine = true

    /// Width of marker and space: the minimal indentation that continues an item (CommonMark §5.2).
    private static let minimumItemIndent = 2

    /// The nesting depth after the line; 0 for a line without markers, which opens nothing.
    mutating func depth(of line: ArraySlice<UInt8>) -> Int {
        guard let prefix = MarkdownPrefix(line) else {
            followsBlankLine = true
            return 0
        }
        defer { followsBlankLine = false }
        guard prefix.quotes + prefix.items > 0 else { return 0 }
        let items = min(openItems, prefix.columns / Self.minimumItemIndent) + prefix.items
        if prefix.items > 0 {
            // A paragraph continuation line closes nothing (laziness, §5.1).
            let isLazy = !followsBlankLine && !prefix.interruptsParagraph
            openItems = isLazy ? max(openItems, items) : items
        }
        return prefix.quotes + items
    }
}

/// The container markers at the beginning of a line that is not blank.
private struct MarkdownPrefix {
    private(set) var quotes = 0
    private(set) var items = 0
    /// Columns of white space before the last marker.
    private(set) var columns = 0
    /// Whether the first item can interrupt a paragraph (§5.2): indented by less than four, not empty, and with number 1 if
    /// ordered.
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
        var (offset, indent, total) = (line.startIndex, 0, 0)
        while offset < line.endIndex, !rule.contains(offset) {
            if line[offset].isMarkdownSpace {
                // The widest tab: overestimating columns is safe.
                let width = line[offset] == 0x20 ? 1 : 4
                (indent, total, offset) = (indent + width, total + width, offset + 1)
                continue
            }
            guard let end = endOfMarker(at: offset, indent: indent) else { return }
            (indent, columns, offset) = (0, total, end)
        }
    }

    /// Counts the marker at the offset and returns its end; `nil` if there is none.
    private mutating func endOfMarker(at offset: Int, indent: Int) -> Int? {
        if line[offset] == UInt8(ascii: ">") {
            quotes += 1
            return offset + 1
        }
        guard let end = line[offset...].endOfItemMarker else { return nil }
        items += 1
        if items == 1, indent < 4 {
            let hasText = line[end...].contains { !$0.isMarkdownSpace }
            let number = line[offset..<end - 1]
            interruptsParagraph = hasText && (number.isEmpty || number.elementsEqual([UInt8(ascii: "1")]))
        }
        return end
    }
}

extension [UInt8] {
    /// Whether a line may begin with a quote or list marker, or contain an image start. A text without either is within all
    /// bounds.
    fileprivate var mayNest: Bool {
        var isLineStart = true
        for (offset, byte) in enumerated() {
            switch byte {
            case 0x0A, 0x0D: isLineStart = true
            case 0x20, 0x09: break
            case UInt8(ascii: ">"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "*"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                if isLineStart { return true }
            case UInt8(ascii: "["):
                if offset > 0, self[offset - 1] == UInt8(ascii: "!") { return true }
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
    /// Number of potential image starts, `![`.
    fileprivate var imageCount: Int {
        zip(self, dropFirst()).count { $0 == UInt8(ascii: "!") && $1 == UInt8(ascii: "[") }
    }

    /// The end of a bullet, or of up to nine digits with a delimiter, at the start of the slice (§5.2).
    fileprivate var endOfItemMarker: Int? {
        let digits = prefix(10).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
        guard digits <= 9, let delimiter = dropFirst(digits).first else { return nil }
        guard (digits == 0 ? "-+*" : ".)").utf8.contains(delimiter) else { return nil }
        let end = startIndex + digits + 1
        return end == endIndex || self[end].isMarkdownSpace ? end : nil
    }

    /// The offsets from which the rest of the line, which has no trailing space, is a thematic break (§4.1): at least three
    /// of one mark with nothing but spaces between. These marks begin no list items.
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
