// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A reproducible pseudo-random generator: SplitMix64.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    /// The seed that reproduces the sequence.
    public let seed: UInt64
    private var state: UInt64

    /// A random seed, or the one in `WIREROOM_TEST_SEED` to reproduce a failure.
    public init() {
        let wanted = getenv("WIREROOM_TEST_SEED").flatMap { UInt64(String(cString: $0)) }
        self.init(seed: wanted ?? .random(in: 0...UInt64.max))
    }

    /// A sequence with a fixed seed.
    public init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// True with probability 1/`count`.
    public mutating func once(in count: Int) -> Bool {
        Int.random(in: 0..<count, using: &self) == 0
    }
}
