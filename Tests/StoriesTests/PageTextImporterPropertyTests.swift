// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

@testable import Stories

@Suite("Arbitrary live pages")
struct PageTextImporterPropertyTests {
    @Test("A generated page is parsed into the parts it was made of, with a role for each line")
    func knownParts() throws {
        var random = SeededGenerator()
        for _ in 0..<500 {
            let made = GeneratedPage(using: &random)
            let reader = try PageTextImporter.Reader.read(made.text)
            var page = reader.page
            page.warnings = []
            #expect(page == made.page, "seed \(random.seed):\n\(made.text)")
            expectNothingLost(from: made.text, in: reader, seed: random.seed)
        }
    }

    @Test("A page with lines removed, doubled, moved, cut and joined loses no line silently")
    func mutatedPages() {
        var random = SeededGenerator()
        for _ in 0..<1_000 {
            var lines = GeneratedPage(using: &random).text.split(
                separator: "\n", omittingEmptySubsequences: false)
            for _ in 0...Int.random(in: 0...5, using: &random) { lines.mutate(using: &random) }
            expectNothingLost(from: lines.joined(separator: "\n"), seed: random.seed)
        }
    }

    @Test("A page's own words in any order lose no line silently")
    func shuffledWords() {
        let words = [
            "Current:", "Home > Sea", "Storm", " -Site", " ×", "View", " View", "Date:",
            "2026-02-14 18:42:07", "KEY POINTS",
            "WHAT TO KNOW:", "— ", "- ", "___", "veryGood!", " (6)", "(99999999999999999999)", "Related",
            "Ranking:",
            "Recommendation", "\r", "\u{FEFF}", " ", "“", "'", "*", "\u{301}", "\u{0}", "\u{B}",
            "\u{2028}", "\u{AD}", "\t",
        ]
        var random = SeededGenerator()
        for _ in 0..<2_000 {
            let text = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                (words.randomElement(using: &random) ?? "") + (Bool.random(using: &random) ? "\n" : "")
            }
            expectNothingLost(from: text.joined(), seed: random.seed)
        }
    }

    @Test("Any bytes read as UTF-8 lose no line silently")
    func anyBytes() {
        var random = SeededGenerator()
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                Bool.random(using: &random) ? UInt8.random(in: 0...255, using: &random) : UInt8(ascii: "\n")
            }
            expectNothingLost(from: String(decoding: bytes, as: UTF8.self), seed: random.seed)
        }
    }

    private func expectNothingLost(from text: String, seed: UInt64) {
        guard let reader = try? PageTextImporter.Reader.read(text) else { return }
        expectNothingLost(from: text, in: reader, seed: seed)
    }

    private func expectNothingLost(from text: String, in reader: PageTextImporter.Reader, seed: UInt64) {
        let loss = PageTextImporterProperty.loss(from: text, in: reader)
        #expect(loss == nil, "seed \(seed)")
        #expect(PageTextImporterProperty.lossInDocument(from: text, in: reader) == nil, "seed \(seed)")
    }
}

extension [Substring] {
    /// Applies one random mutation to the lines.
    fileprivate mutating func mutate(using random: inout SeededGenerator) {
        guard let line = indices.randomElement(using: &random) else { return }
        let other = indices.randomElement(using: &random) ?? line
        switch Int.random(in: 0..<6, using: &random) {
        case 0: remove(at: line)
        case 1: insert(self[line], at: other)
        case 2: swapAt(line, other)
        case 3: self[line] = self[line].prefix(Int.random(in: 0...self[line].count, using: &random))
        case 4: self[line] += self[other]
        default: removeSubrange(Swift.min(line, other)..<Swift.max(line, other))
        }
    }
}
