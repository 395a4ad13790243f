// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support
import Testing

/// Mutation fuzzing for a few seconds in each test run; `make fuzz` does it for an hour with coverage and AddressSanitizer.
@Suite("Mutants of the seed corpus")
struct MutantTests {
    private static let fuzzing = URL(filePath: #filePath).appending(path: "../../../Fuzzing").standardized

    /// Mutants per property, some ten seconds in total. `WIREROOM_MUTANTS` is a factor.
    private static let counts = [
        "http": 25_000, "json": 60_000, "bodies": 8_000, "positions": 7_000, "page": 900, "markdown": 12_000,
        "multipart": 15_000,
    ]
    private static let times =
        ProcessInfo.processInfo.environment["WIREROOM_MUTANTS"].flatMap { Int($0) } ?? 1

    @Test("satisfy the property; the seed is printed", arguments: Property.all.map(\.name))
    func holds(name: String) throws {
        let property = try #require(Property.all.first { $0.name == name })
        let count = try #require(Self.counts[name]) * Self.times
        let corpus = try Self.corpus(of: name)
        var mutator = Mutator(corpus: corpus, dictionary: try Self.dictionary(of: name))
        // Printed first: an input that crashes the process leaves no other trace.
        print("mutants of \(name): WIREROOM_TEST_SEED=\(mutator.random.seed)")
        for number in 0..<count {
            let mutant = mutator.mutant(of: corpus[number % corpus.count])
            guard let violation = property.violation(mutant) else { continue }
            Issue.record(
                "\(violation), of mutant \(number), in Base64: \(Data(mutant).base64EncodedString())")
            return
        }
    }

    private static func corpus(of name: String) throws -> [[UInt8]] {
        let folder = fuzzing.appending(path: "Corpus/\(name)")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return try files.sorted { $0.path < $1.path }.map { [UInt8](try Data(contentsOf: $0)) }
    }

    private static func dictionary(of name: String) throws -> [[UInt8]] {
        let file = fuzzing.appending(path: "Dictionaries/\(name).txt")
        return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).compactMap(word)
    }

    /// Parses an entry of a libFuzzer dictionary: `"\x0D\x0A"`, with the escapes `\\` and `\"`.
    static func word(_ line: Data) -> [UInt8]? {
        let quote = UInt8(ascii: "\"")
        guard let start = line.firstIndex(of: quote), let end = line.lastIndex(of: quote), start < end
        else { return nil }
        var (rest, bytes): (Data, [UInt8]) = (line[line.index(after: start)..<end], [])
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let next = rest.popFirst() else {
                bytes.append(byte)
                continue
            }
            let digits = next == UInt8(ascii: "x") ? rest.prefix(2) : Data()
            rest = rest.dropFirst(digits.count)
            bytes.append(UInt8(String(decoding: digits, as: UTF8.self), radix: 16) ?? next)
        }
        return bytes
    }

    @Test("use the entries of the dictionaries")
    func words() throws {
        #expect(Self.word(Data(#"break="a\x0D\x0A\"\\""#.utf8)) == Array("a\r\n\"\\".utf8))
        #expect(Self.word(Data("# none".utf8)) == nil)
        for property in Property.all {
            #expect(try !Self.dictionary(of: property.name).isEmpty, "\(property.name)")
        }
    }

    @Test("are reproducible by seed, and differ from their inputs")
    func seeded() {
        let input = Array("GET / HTTP/1.1\r\n\r\n".utf8)
        var first = Mutator(corpus: [input], dictionary: [[0]], random: SeededGenerator(seed: 1))
        var second = Mutator(corpus: [input], dictionary: [[0]], random: SeededGenerator(seed: 1))
        let mutants = (0..<100).map { _ in first.mutant(of: input) }
        #expect(mutants == (0..<100).map { _ in second.mutant(of: input) })
        #expect(Set(mutants).count > 80)
    }
}
