// SPDX-License-Identifier: Apache-2.0
/// A minimal minifier for lines without comments or indentation: removes line ends and spaces, and shortens the names of
/// private members. A full minifier would need a build step; this is enough for the size budget of the widget.
struct ScriptPacker {
    private(set) var bytes: [UInt8] = []
    private var shortNames: [[UInt8]: [UInt8]] = [:]
    private var isInTemplate = false

    /// Characters after which a line end can be dropped.
    private static let joints = Set("{;,([".utf8)
    /// What may precede the `#name` in a declaration of a private member.
    private static let modifiers = ["", "async ", "get ", "set ", "static "].map { Array($0.utf8) }

    mutating func add(_ line: some Collection<UInt8>) {
        let line = Array(line)
        addShortened(isInTemplate ? line : Self.withoutSpaces(line))
        if line.count(where: { $0 == UInt8(ascii: "`") }) % 2 == 1 { isInTemplate.toggle() }
        let isJoint = line.last.map(Self.joints.contains) ?? false
        if isInTemplate || !isJoint { bytes.append(UInt8(ascii: "\n")) }
    }

    /// Characters next to which a space is insignificant.
    private static let separators = Set("=,{}()?:;<>&|*".utf8)
    /// Characters that may begin a template or a regular expression; such lines keep their spaces.
    private static let quotes = Set("`/".utf8)

    /// Drops insignificant spaces, those in strings excepted.
    private static func withoutSpaces(_ line: [UInt8]) -> [UInt8] {
        guard !line.contains(where: quotes.contains) else { return line }
        var (kept, end, isEscaped): ([UInt8], UInt8?, Bool) = ([], nil, false)
        for (index, byte) in line.enumerated() {
            if let quote = end {
                if byte == quote, !isEscaped { end = nil }
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                end = byte
            } else if byte == UInt8(ascii: " "), index > 0, index + 1 < line.count,
                separators.contains(line[index - 1]) || separators.contains(line[index + 1])
            {
                continue
            }
            kept.append(byte)
        }
        return kept
    }

    /// Appends a line with its private names shortened: `this.#listeners` becomes `this.#a`.
    private mutating func addShortened(_ line: [UInt8]) {
        var index = 0
        while index < line.count {
            bytes.append(line[index])
            index += 1
            guard line[index - 1] == UInt8(ascii: "#"), isPrivate(line, before: index - 1) else { continue }
            let end = line[index...].firstIndex { !Self.isNamePart($0) } ?? line.count
            bytes += short(Array(line[index..<end]))
            index = end
        }
    }

    private func isPrivate(_ line: [UInt8], before index: Int) -> Bool {
        if index > 0, line[index - 1] == UInt8(ascii: ".") { return true }
        return !isInTemplate && Self.modifiers.contains(Array(line[..<index]))
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"): true
        default: false
        }
    }

    /// Returns the short name of a private member: a letter, followed by a number after the first 26.
    private mutating func short(_ name: [UInt8]) -> [UInt8] {
        if let known = shortNames[name] { return known }
        let (round, letter) = shortNames.count.quotientAndRemainder(dividingBy: 26)
        let short = [UInt8(ascii: "a") + UInt8(letter)] + Array((round > 0 ? String(round) : "").utf8)
        shortNames[name] = short
        return short
    }
}
