// SPDX-License-Identifier: Apache-2.0
import Support

/// Derives inputs by random mutations, as libFuzzer does but without coverage feedback.
struct Mutator {
    /// The inputs to splice with.
    let corpus: [[UInt8]]
    /// The entries of the property's dictionary.
    let dictionary: [[UInt8]]
    private(set) var random: SeededGenerator

    init(corpus: [[UInt8]], dictionary: [[UInt8]], random: SeededGenerator = SeededGenerator()) {
        (self.corpus, self.dictionary, self.random) = (corpus, dictionary, random)
    }

    /// Maximum length, the same as for libFuzzer (`-max_len`).
    static let maximumBytes = 16_384

    /// The input with one to eight mutations.
    mutating func mutant(of input: [UInt8]) -> [UInt8] {
        var bytes = input
        for _ in 1...Int.random(in: 1...8, using: &random) { mutate(&bytes) }
        return Array(bytes.prefix(Self.maximumBytes))
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: bytes.removeSubrange(range(in: bytes))
        case 1: flipBit(&bytes)
        case 2: bytes.insert(.random(in: 0...255, using: &random), at: offset(in: bytes))
        case 3: overwrite(&bytes, by: [.random(in: 0...255, using: &random)])
        case 4: bytes.insert(contentsOf: word(), at: offset(in: bytes))
        case 5: overwrite(&bytes, by: word())
        case 6: repeatPart(&bytes)
        default: splice(&bytes)
        }
    }

    private mutating func flipBit(_ bytes: inout [UInt8]) {
        guard let at = bytes.indices.randomElement(using: &random) else { return }
        bytes[at] ^= 1 << Int.random(in: 0..<8, using: &random)
    }

    private mutating func overwrite(_ bytes: inout [UInt8], by part: [UInt8]) {
        let start = offset(in: bytes)
        bytes.replaceSubrange(start..<min(bytes.count, start + part.count), with: part)
    }

    /// Repeats a range of bytes.
    private mutating func repeatPart(_ bytes: inout [UInt8]) {
        let part = bytes[range(in: bytes)]
        let count = Int.random(in: 1...16, using: &random)
        bytes.insert(contentsOf: Array(repeating: part, count: count).joined(), at: part.endIndex)
    }

    /// Splices its beginning with another input's end.
    private mutating func splice(_ bytes: inout [UInt8]) {
        guard let other = corpus.randomElement(using: &random) else { return }
        bytes.replaceSubrange(offset(in: bytes)..., with: other[offset(in: other)...])
    }

    private mutating func word() -> [UInt8] { dictionary.randomElement(using: &random) ?? [] }

    private mutating func offset(in bytes: [UInt8]) -> Int { .random(in: 0...bytes.count, using: &random) }

    private mutating func range(in bytes: [UInt8]) -> Range<Int> {
        let start = offset(in: bytes)
        return start..<min(bytes.count, start + .random(in: 0...64, using: &random))
    }
}
