// SPDX-License-Identifier: Apache-2.0
/// A cell of a table (GFM §4.10).
struct TableCell {
    enum Alignment: String { case none, left, center, right }

    let isFirstOfTable: Bool
    let isHeader: Bool
    let isFirstOfBody: Bool
    let isFirstOfRow: Bool
    let isLastOfRow: Bool
    let isLastOfTable: Bool
    let alignment: Alignment

    /// The column alignments of a delimiter row; `nil` for any other line.
    static func alignments(_ line: ArraySlice<UInt8>) -> [Alignment]? {
        guard line.contains(UInt8(ascii: "|")), line.contains(UInt8(ascii: "-")),
            line.allSatisfy({ "|:- \t".utf8.contains($0) })
        else { return nil }
        var alignments: [Alignment] = []
        for text in texts(line) {
            let (first, last) = (text.first == UInt8(ascii: ":"), text.last == UInt8(ascii: ":"))
            let dashes = text.dropFirst(first ? 1 : 0).dropLast(last && text.count > 1 ? 1 : 0)
            guard !dashes.isEmpty, dashes.allSatisfy({ $0 == UInt8(ascii: "-") }) else { return nil }
            alignments.append(first ? last ? .center : .left : last ? .right : .none)
        }
        return alignments
    }

    /// Splits a row at its unescaped bars.
    static func texts(_ line: ArraySlice<UInt8>) -> [[UInt8]] {
        var rest = line.trimmed
        if rest.first == UInt8(ascii: "|") { rest = rest.dropFirst() }
        var (texts, text, isEscaped) = ([[UInt8]](), [UInt8](), false)
        for byte in rest {
            if byte == UInt8(ascii: "|"), !isEscaped {
                texts.append(Array(text[...].trimmed))
                text = []
            } else {
                if byte == UInt8(ascii: "|") { text.removeLast() }
                text.append(byte)
            }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        }
        let isClosed = rest.last == UInt8(ascii: "|") && text.isEmpty
        if !isClosed || texts.isEmpty { texts.append(Array(text[...].trimmed)) }
        return texts
    }
}

extension ArraySlice<UInt8> {
    /// Without surrounding spaces and tabs.
    fileprivate var trimmed: ArraySlice<UInt8> {
        guard let first = firstIndex(where: { $0 != 0x20 && $0 != 0x09 }),
            let last = lastIndex(where: { $0 != 0x20 && $0 != 0x09 })
        else { return [] }
        return self[first...last]
    }
}
