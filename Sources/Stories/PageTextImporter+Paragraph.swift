// SPDX-License-Identifier: Apache-2.0
extension PageTextImporter {
    /// Escapes a line of plain text to a CommonMark paragraph.
    ///
    /// Only characters that would be markup in their context are escaped, so that prose stays unchanged. Where the exact rule
    /// is long, a simple superset is used: a redundant backslash before punctuation is not rendered. Rules are cited by
    /// section of CommonMark 0.31.
    struct Paragraph {
        private let scalars: [Unicode.Scalar]
        /// Whether the scalar at the same index is escaped.
        private var isEscaped: [Bool]

        /// - Precondition: the text is trimmed and has no line endings.
        init(_ text: Substring) {
            scalars = Array(text.unicodeScalars)
            isEscaped = Array(repeating: false, count: scalars.count)
            escapeBlockStart()
            escapeEmphasis("*")
            escapeEmphasis("_")
            escapeCode()
            escapeStrikes()
            escapeLinks()
            for (position, scalar) in scalars.enumerated() {
                switch scalar {
                case "\\": isEscaped[position] = isPunctuation(at: position + 1)
                case "&": isEscaped[position] = isEntity(at: position)
                default: break
                }
            }
            escapeTags()
        }

        /// The escaped text.
        var commonMark: String {
            var text = String.UnicodeScalarView()
            for (scalar, isEscaped) in zip(scalars, isEscaped) {
                if isEscaped { text.append("\\") }
                text.append(scalar)
            }
            return String(text)
        }
    }
}

// MARK: - Blocks (§4, §5)

extension PageTextImporter.Paragraph {
    private mutating func escapeBlockStart() {
        if let mark = blockMark { isEscaped[mark] = true }
    }

    /// Index of the scalar that would begin another block than a paragraph. `===` needs no escape: as a setext underline it
    /// requires a paragraph directly above, and paragraphs are separated by blank lines.
    private var blockMark: Int? {
        switch scalars.first {
        case ">": 0
        case "#": isHeading ? 0 : nil
        case "-", "+", "*": isGap(at: 1) || isThematicBreak ? 0 : nil
        case "_": isThematicBreak ? 0 : nil
        case "~": scalars.starts(with: ["~", "~", "~"]) ? 0 : nil
        case "[": isLinkDefinition ? 0 : nil
        default: numberMark
        }
    }

    /// The delimiter of an ordered list marker, `1. ` or `1) `.
    private var numberMark: Int? {
        let digits = scalars.prefix { ("0"..."9").contains($0) }.count
        guard (1...9).contains(digits), digits < scalars.count, [".", ")"].contains(scalars[digits]),
            isGap(at: digits + 1)
        else { return nil }
        return digits
    }

    private var isHeading: Bool {
        let level = scalars.prefix { $0 == "#" }.count
        return level <= 6 && isGap(at: level)
    }

    private var isThematicBreak: Bool {
        scalars.allSatisfy { $0 == scalars[0] || $0 == " " || $0 == "\t" }
            && scalars.count { $0 == scalars[0] } >= 3
    }

    /// `[label]: …` would be a link reference definition, which is not rendered (§4.7).
    private var isLinkDefinition: Bool {
        zip(scalars, scalars.dropFirst()).contains { $0 == "]" && $1 == ":" }
    }

    private func isGap(at position: Int) -> Bool {
        position == scalars.count || scalars[position] == " " || scalars[position] == "\t"
    }
}

// MARK: - Inlines (§6)

extension PageTextImporter.Paragraph {
    /// Escapes every `*` or `_` that could be part of emphasis, if a possible opener precedes a possible closer (§6.2).
    /// Intraword `_` is never part of it.
    private mutating func escapeEmphasis(_ mark: Unicode.Scalar) {
        let runs = runs(of: mark)
        let firstOpening = runs.first { canOpen($0, mark) }
        let lastClosing = runs.last { canClose($0, mark) }
        guard let firstOpening, let lastClosing, firstOpening.lowerBound < lastClosing.lowerBound
        else { return }
        for run in runs where canOpen(run, mark) || canClose(run, mark) { escape(run) }
    }

    private func canOpen(_ run: Range<Int>, _ mark: Unicode.Scalar) -> Bool {
        !isSpace(at: run.upperBound) && (Self.mayBeIntraword(mark) || !isWord(at: run.lowerBound - 1))
    }

    private func canClose(_ run: Range<Int>, _ mark: Unicode.Scalar) -> Bool {
        !isSpace(at: run.lowerBound - 1) && (Self.mayBeIntraword(mark) || !isWord(at: run.upperBound))
    }

    private static func mayBeIntraword(_ mark: Unicode.Scalar) -> Bool { mark == "*" }

    /// A single backtick run is text (§6.1) unless it is a fence (§4.5). Of several, all are escaped: an unescaped run could
    /// be closed by an escaped one, since backslashes do not work in code spans.
    private mutating func escapeCode() {
        let runs = runs(of: "`")
        let isFence = runs.first.map { $0.lowerBound == 0 && $0.count >= 3 } ?? false
        guard runs.count > 1 || isFence else { return }
        runs.forEach { escape($0) }
    }

    /// Two runs of tildes may delimit strikethrough (GFM §6.5).
    private mutating func escapeStrikes() {
        let runs = runs(of: "~").filter { $0.count <= 2 }
        let firstOpening = runs.first { !isSpace(at: $0.upperBound) }
        let lastClosing = runs.last { !isSpace(at: $0.lowerBound - 1) }
        guard let firstOpening, let lastClosing, firstOpening.lowerBound < lastClosing.lowerBound
        else { return }
        runs.forEach { escape($0) }
    }

    /// Escapes the `](` of `[text](url)` and `![text](url)` (§6.3, §6.4). Reference links need a definition, which cannot
    /// exist.
    private mutating func escapeLinks() {
        guard let open = scalars.firstIndex(of: "[") else { return }
        for position in open..<scalars.count - 1 {
            isEscaped[position] = isEscaped[position] || scalars[position...].starts(with: ["]", "("])
        }
    }

    /// Escapes raw HTML (§6.6), which at the beginning of a line need not be closed (§4.6), and autolinks
    /// (§6.5).
    private mutating func escapeTags() {
        guard let lastEnd = scalars.lastIndex(of: ">") ?? (scalars.first == "<" ? 0 : nil) else { return }
        for position in 0...lastEnd where scalars[position] == "<" {
            isEscaped[position] = isTagStart(at: position) || isAutolink(at: position)
        }
    }

    private func isTagStart(at position: Int) -> Bool {
        guard position + 1 < scalars.count else { return false }
        let next = scalars[position + 1]
        return ["/", "!", "?"].contains(next) || next.isASCII && next.properties.isAlphabetic
    }

    /// `<…>` without white space: a superset of autolinks.
    private func isAutolink(at position: Int) -> Bool {
        let end = scalars[(position + 1)...].first { $0 == ">" || $0 == "<" || $0.properties.isWhitespace }
        return end == ">"  // scalars: end is one
    }

    /// `&name;`, `&#38;` and `&#x26;` (§2.5), whether or not the entity exists. No entity name has a single letter, so `R&D;` is
    /// prose.
    private func isEntity(at position: Int) -> Bool {
        let longest = 32
        let name = scalars[(position + 1)...].prefix(longest)
        let end = name.firstIndex {
            $0 as Unicode.Scalar != "#"
                && !($0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil))
        }
        return end.map { scalars[$0] == ";" && $0 > position + 2 } ?? false
    }
}

// MARK: - Classification

extension PageTextImporter.Paragraph {
    private mutating func escape(_ run: Range<Int>) {
        for position in run { isEscaped[position] = true }
    }

    /// Maximal runs of one scalar.
    private func runs(of mark: Unicode.Scalar) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for position in scalars.indices where scalars[position] == mark {
            if let last = runs.last, last.upperBound == position {
                runs[runs.count - 1] = last.lowerBound..<position + 1
            } else {
                runs.append(position..<position + 1)
            }
        }
        return runs
    }

    /// Beginning and end of the line count as white space (§6.2).
    private func isSpace(at position: Int) -> Bool {
        !scalars.indices.contains(position) || scalars[position].properties.isWhitespace
    }

    /// Neither white space nor punctuation nor symbol; §6.2 includes symbols in punctuation since 0.31.
    private func isWord(at position: Int) -> Bool {
        guard !isSpace(at: position) else { return false }
        switch scalars[position].properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            return false
        default:
            return true
        }
    }

    /// ASCII punctuation, the only characters that can be escaped (§2.4).
    private func isPunctuation(at position: Int) -> Bool {
        guard position < scalars.count else { return false }
        return switch scalars[position] {
        case "!"..."/", ":"..."@", "["..."`", "{"..."~": true
        default: false
        }
    }
}
