import Foundation
import Support
import Testing

/// What `make fuzz` does for an hour with coverage and AddressSanitizer, each run of the tests does for seconds without them.
@Suite("Mutants of what fuzzers begin with")
struct MutantTests {
    private static let fuzzing = URL(filePath: #filePath).appending(path: "../../../Fuzzing").standardized

    /// Mutants of each law: what takes some ten seconds together. `WIREROOM_MUTANTS` asks for so many times as many.
    private static let counts = [
        "http": 25_000, "json": 60_000, "bodies": 8_000, "places": 7_000, "page": 900, "markdown": 12_000,
    ]
    private static let times =
        ProcessInfo.processInfo.environment["WIREROOM_MUTANTS"].flatMap { Int($0) } ?? 1

    @Test("keep the law, by a seed that is printed", arguments: Law.all.map(\.name))
    func keepTheLaw(name: String) throws {
        let law = try #require(Law.all.first { $0.name == name })
        let count = try #require(Self.counts[name]) * Self.times
        let corpus = try Self.corpus(of: name)
        var mutator = Mutator(corpus: corpus, dictionary: try Self.dictionary(of: name))
        // Before the first, because one that ends the process says nothing else.
        print("mutants of \(name): WIREROOM_TEST_SEED=\(mutator.random.seed)")
        for number in 0..<count {
            let mutant = mutator.mutant(of: corpus[number % corpus.count])
            guard let breach = law.breach(mutant) else { continue }
            Issue.record("\(breach), of mutant \(number), in Base64: \(Data(mutant).base64EncodedString())")
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

    /// A line of a dictionary of libFuzzer: `"\x0D\x0A"`, with `\\` and `\"` for what stands for itself.
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

    @Test("are made with words of the dictionaries")
    func words() throws {
        #expect(Self.word(Data(#"break="a\x0D\x0A\"\\""#.utf8)) == Array("a\r\n\"\\".utf8))
        #expect(Self.word(Data("# none".utf8)) == nil)
        for law in Law.all { #expect(try !Self.dictionary(of: law.name).isEmpty, "\(law.name)") }
    }

    @Test("are those of the seed, and others than what they are made of")
    func seeded() {
        let input = Array("GET / HTTP/1.1\r\n\r\n".utf8)
        var first = Mutator(corpus: [input], dictionary: [[0]], random: SeededGenerator(seed: 1))
        var second = Mutator(corpus: [input], dictionary: [[0]], random: SeededGenerator(seed: 1))
        let mutants = (0..<100).map { _ in first.mutant(of: input) }
        #expect(mutants == (0..<100).map { _ in second.mutant(of: input) })
        #expect(Set(mutants).count > 80)
    }
}
