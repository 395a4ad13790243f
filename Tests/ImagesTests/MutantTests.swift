// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

@testable import Images

@Suite("Mutants of pictures")
struct MutantTests {
    /// Changes bytes, doubles, drops or cuts a part.
    private static func mutant(of bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) where bytes.count > 8 {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            let end = min(place + Int.random(in: 1...16, using: &random), bytes.count)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes.removeSubrange(place..<end)
            case 1: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 2: bytes.removeLast(bytes.count - max(place, 8))
            case 3: bytes[place] = [0, 0xFF, 0x7F, 0x80].randomElement(using: &random) ?? 0
            default: bytes[place] = UInt8.random(in: 0...255, using: &random)
            }
        }
        return bytes
    }

    @Test("are processed or refused, each within the limits; the seed is printed")
    func processed() async throws {
        var random = SeededGenerator()
        print("mutants of pictures: WIREROOM_TEST_SEED=\(random.seed)")
        let samples = try Picture.names().map { try Picture.bytes($0) }
        let mutants = (0..<300).map { Self.mutant(of: samples[$0 % samples.count], &random) }
        let processor = makeProcessor(ImageLimits(pixels: 4_000_000, seconds: 60))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, mutant) in mutants.enumerated() {
                group.addTask { try await Self.check(mutant, number, processor) }
            }
            try await group.waitForAll()
        }
    }

    private static func check(_ mutant: [UInt8], _ number: Int, _ processor: ImageProcessor) async throws {
        do {
            let processed = try await process(mutant, by: processor)
            let image = processed.image
            #expect(try processed.names() == image.files.map(\.name).sorted(), "mutant \(number)")
            #expect(try processed.raster("original").width == image.width, "mutant \(number)")
        } catch let error as ImageError {
            switch error {
            // A decoder that was ended by a signal is a defect of a library, or of the list of permitted system calls.
            case .damaged(let text): #expect(!text.contains("signal"), "mutant \(number): \(text)")
            case .unsupported, .tooLarge: break
            case .busy, .storage, .failed: Issue.record("\(error) of mutant \(number)")
            }
        }
    }

    @Test("have headers that are read or refused; the seed is printed")
    func headers() throws {
        var random = SeededGenerator()
        print("mutants of headers: WIREROOM_TEST_SEED=\(random.seed)")
        let samples = try Picture.names().map { try Picture.bytes($0) }
        for number in 0..<20_000 {
            let mutant = Self.mutant(of: samples[number % samples.count], &random)
            mutant.withUnsafeBytes { bytes in
                guard let header = try? ImageHeader(ImageBytes(bytes)) else { return }
                #expect(header.width > 0 && header.height > 0 && (1...8).contains(header.orientation))
            }
        }
    }
}
