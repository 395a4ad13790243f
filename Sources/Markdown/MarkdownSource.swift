// SPDX-License-Identifier: Apache-2.0
/// Preprocesses a text for the CommonMark parser: tables become headings, one per cell, and unused link definitions become text.
///
/// A first parse finds code and paragraphs; only texts with candidates are parsed twice.
struct MarkdownSource {
    private(set) var bytes: [UInt8]
    /// Table cells by source line, from 1.
    private(set) var cells: [Int: TableCell] = [:]

    init(_ text: String) {
        bytes = Escapes.putAside(Array(text.utf8))
        // Fast path: every definition contains `[`, and every table `|`.
        guard bytes.contains(UInt8(ascii: "[")) || bytes.contains(UInt8(ascii: "|")) else { return }
        let lines = Self.lines(of: bytes)
        let definitions = lines.indices.filter { Definition(lines[$0]) != nil }
        let delimiters = lines.indices.filter { $0 > 0 && TableCell.alignments(lines[$0]) != nil }
        guard !definitions.isEmpty || !delimiters.isEmpty else { return }
        var rewriting = Rewriting(lines)
        let source = definitions.isEmpty ? bytes : Definition.numbered(lines, at: definitions)
        var used: Set<Int> = []
        Document(source).visit { node, isEntering in
            guard isEntering else { return }
            rewriting.note(node)
            if let number = Definition.number(in: node) { used.insert(number) }
        }
        rewriting.escape(definitions, but: used)
        rewriting.makeTables(at: delimiters)
        (bytes, cells) = rewriting.result
    }

    /// Splits into lines without their endings: LF, CR or CRLF (CommonMark §2.1).
    private static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var (lines, start, index) = ([ArraySlice<UInt8>](), 0, 0)
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            guard byte == 0x0A || byte == 0x0D else { continue }
            lines.append(bytes[start..<index - 1])
            if byte == 0x0D, index < bytes.count, bytes[index] == 0x0A { index += 1 }
            start = index
        }
        if start < bytes.count { lines.append(bytes[start...]) }
        return lines
    }
}

/// A potential link reference definition (CommonMark §4.7).
struct Definition {
    /// Offset of the opening bracket.
    let start: Int
    /// Offset of the URL; `nil` if it is on the next line.
    private let address: Int?
    /// Whether it defines a footnote, which is not supported.
    let isNote: Bool

    init?(_ line: ArraySlice<UInt8>) {
        guard let start = line.firstIndex(where: { !" \t>-+*0123456789.)".utf8.contains($0) }),
            line[start] == UInt8(ascii: "["),
            let end = line[start...].firstIndex(of: UInt8(ascii: "]")),
            end + 1 < line.endIndex, line[end + 1] == UInt8(ascii: ":")
        else { return nil }
        self.start = start
        address = line[(end + 2)...].firstIndex { $0 != 0x20 && $0 != 0x09 }
        isNote = line[start + 1] == UInt8(ascii: "^")
    }

    private static let mark = Array("definition-on-line-".utf8)

    /// A source for analysis only: each definition's URL is replaced by its line number, so that the links in the tree show which
    /// definitions are used.
    static func numbered(_ lines: [ArraySlice<UInt8>], at lineIndices: [Int]) -> [UInt8] {
        var lines = lines
        for lineIndex in lineIndices {
            guard let definition = Definition(lines[lineIndex]) else { continue }
            let line = definition.address == nil ? lineIndex + 1 : lineIndex
            guard line < lines.count,
                var start = definition.address ?? lines[line].firstIndex(where: { $0 != 0x20 && $0 != 0x09 }),
                // Other characters might begin a block.
                definition.address != nil || lines[line][start].isASCIIAlphanumeric
                    || lines[line][start] == UInt8(ascii: "/")
            else { continue }
            if lines[line][start] == UInt8(ascii: "<") { start += 1 }
            lines[line] = lines[line][..<start] + mark + Array("\(lineIndex):".utf8) + lines[line][start...]
        }
        return Array(lines.joined(separator: [0x0A])) + [0x0A]
    }

    /// The line of the definition that a link or image in such a source uses.
    static func number(in node: Node) -> Int? {
        let kind = node.kind
        guard kind == .link || kind == .image else { return nil }
        let address = node.address
        guard address.starts(with: mark) else { return nil }
        let digits = address.dropFirst(mark.count).prefix { (0x30...0x39).contains($0) }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}

private struct Rewriting {
    private var lines: [ArraySlice<UInt8>]
    /// Lines of code and raw HTML, by index from 0.
    private var isVerbatim: [Bool]
    /// For each line of a paragraph outside lists and quotes but its last: the index of its last line.
    private var paragraphEnds: [Int: Int] = [:]
    /// Tables by first line: the line after the last, and the alignments.
    private var tables: [Int: (end: Int, alignments: [TableCell.Alignment])] = [:]

    init(_ lines: [ArraySlice<UInt8>]) {
        self.lines = lines
        isVerbatim = Array(repeating: false, count: lines.count)
    }

    mutating func note(_ node: Node) {
        let kind = node.kind
        switch kind {
        case .codeBlock, .htmlBlock:
            for line in node.lines where line <= lines.count { isVerbatim[line - 1] = true }
        case .paragraph, .heading:
            guard node.parent?.kind == .document else { return }
            // A setext heading's last line is its underline.
            let last = min(node.lines.upperBound, lines.count) - (kind == .heading ? 2 : 1)
            for line in (node.lines.lowerBound - 1)..<max(last, node.lines.lowerBound - 1) {
                paragraphEnds[line] = last
            }
        default: break
        }
    }

    /// Escapes definitions that would disappear: unused, duplicate, and footnotes.
    mutating func escape(_ lineIndices: [Int], but used: Set<Int>) {
        for lineIndex in lineIndices where !isVerbatim[lineIndex] {
            guard let definition = Definition(lines[lineIndex]) else { continue }
            if !used.contains(lineIndex) || definition.isNote {
                let line = lines[lineIndex]
                lines[lineIndex] =
                    line[..<definition.start] + [UInt8(ascii: "\\")] + line[definition.start...]
                // Otherwise the next definition would continue this paragraph.
                if lineIndex + 1 < lines.count, Definition(lines[lineIndex + 1]) != nil {
                    lines[lineIndex].append(0x0A)
                }
            }
        }
    }

    /// Finds tables: a paragraph line above a delimiter row with the same number of cells.
    mutating func makeTables(at delimiters: [Int]) {
        var end = 0
        for lineIndex in delimiters where lineIndex - 1 >= end {
            guard let last = paragraphEnds[lineIndex - 1],
                let alignments = TableCell.alignments(lines[lineIndex]),
                TableCell.texts(lines[lineIndex - 1]).count == alignments.count
            else { continue }
            end = last + 1
            tables[lineIndex - 1] = (end, alignments)
        }
    }

    var result: (bytes: [UInt8], cells: [Int: TableCell]) {
        var (bytes, cells, count, lineIndex) = ([UInt8](), [Int: TableCell](), 0, 0)
        func append(_ line: some Collection<UInt8>) {
            bytes += line
            bytes.append(0x0A)
            count += 1 + line.count { $0 == 0x0A }
        }
        while lineIndex < lines.count {
            guard let table = tables[lineIndex] else {
                append(lines[lineIndex])
                lineIndex += 1
                continue
            }
            append([])
            let rows = [lineIndex] + (lineIndex + 2..<max(lineIndex + 2, table.end))
            for row in rows {
                let texts = TableCell.texts(lines[row])
                for (column, text) in texts.enumerated() {
                    // With a closing sequence, the text keeps its own number signs.
                    append(text.isEmpty ? Array("#".utf8) : Array("# ".utf8) + text + Array(" #".utf8))
                    cells[count] = TableCell(
                        isFirstOfTable: row == lineIndex && column == 0,
                        isHeader: row == lineIndex, isFirstOfBody: row == lineIndex + 2 && column == 0,
                        isFirstOfRow: column == 0, isLastOfRow: column == texts.count - 1,
                        isLastOfTable: row == rows.last && column == texts.count - 1,
                        alignment: column < table.alignments.count ? table.alignments[column] : .none)
                }
            }
            append([])
            lineIndex = max(table.end, lineIndex + 2)
        }
        return (bytes, cells)
    }
}
