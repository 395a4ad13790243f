// SPDX-License-Identifier: Apache-2.0
/// A strikethrough delimiter (GFM §6.5).
struct Strike {
    let text: Node
    let range: Range<Int>
    var opens: Bool

    /// The matched delimiters in a node's direct text children; pairs do not overlap.
    static func all(in parent: Node, excludesLinks: Bool) -> [Strike] {
        var (pairs, openers) = ([Strike](), [Run]())
        var child = parent.firstChild
        while let text = child {
            defer { child = text.next }
            guard text.kind == .text else { continue }
            for run in runs(in: text, excludesLinks: excludesLinks) {
                if run.mayClose, let index = openers.lastIndex(where: { $0.range.count == run.range.count }) {
                    pairs.append(Strike(text: openers[index].text, range: openers[index].range, opens: true))
                    pairs.append(Strike(text: text, range: run.range, opens: false))
                    // Pairs must nest: openers inside a closed pair are discarded.
                    openers = []
                } else if run.mayOpen, !openers.contains(where: { $0.range.count == run.range.count }) {
                    openers.append(run)
                }
            }
        }
        return pairs
    }

    /// A delimiter run of one or two tildes.
    fileprivate struct Run {
        let text: Node
        let range: Range<Int>
        let mayOpen: Bool
        let mayClose: Bool
    }

    private static func runs(in node: Node, excludesLinks: Bool) -> [Run] {
        let tilde = UInt8(ascii: "~")
        guard node.literalHolds(tilde) else { return [] }
        let text = Escapes.unescaped(node.literal)
        var links = (excludesLinks ? BareAddress.all(in: text) : [])[...]
        var (runs, offset) = ([Run](), 0)
        while offset < text.count {
            if let link = links.first, link.range.lowerBound <= offset {
                offset = max(offset, link.range.upperBound)
                links = links.dropFirst()
                continue
            }
            let start = offset
            while offset < text.count, text[offset] == tilde { offset += 1 }
            if (1...2).contains(offset - start) { runs.append(Run(node, start..<offset, in: text)) }
            if offset == start { offset += 1 }
        }
        return runs
    }
}

extension Strike.Run {
    /// Flanking rules as for emphasis (CommonMark §6.2).
    fileprivate init(_ node: Node, _ range: Range<Int>, in text: [UInt8]) {
        let before = Side(
            of: String(decoding: text[max(0, range.lowerBound - 4)..<range.lowerBound], as: UTF8.self)
                .unicodeScalars.last,
            node.previous)
        let after = Side(
            of: String(decoding: text[range.upperBound...].prefix(4), as: UTF8.self).unicodeScalars.first,
            node.next)
        // A single tilde between words is a range or "about": `5~10 and 6~7`.
        let isSingle = range.count == 1
        self.init(
            text: node, range: range,
            mayOpen: after != .space && (after == .word || before != .word) && !(isSingle && before == .word),
            mayClose: before != .space && (before == .word || after != .word) && !(isSingle && after == .word)
        )
    }

    private enum Side {
        case space, punctuation, word

        /// The class of a scalar, or without one of the neighbouring node.
        init(of scalar: Unicode.Scalar?, _ neighbour: Node?) {
            guard let scalar else {
                let isSpace = neighbour.map { $0.kind == .softBreak || $0.kind == .lineBreak } ?? true
                self = isSpace ? .space : .punctuation
                return
            }
            let properties = scalar.properties
            if properties.isWhitespace {
                self = .space
            } else if properties.isAlphabetic || properties.numericType != nil
                || scalar.value >= 0x80
                    && !properties.isPatternSyntax
            {
                self = .word
            } else {
                self = .punctuation
            }
        }
    }
}
