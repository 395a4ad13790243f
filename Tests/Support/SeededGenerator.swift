import Glibc

/// Random numbers that a seed brings back: SplitMix64.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    /// What to give to `init` to see the same numbers again.
    public let seed: UInt64
    private var state: UInt64

    /// Numbers that nobody has seen, or, to see a failure again, those of the seed in `WIREROOM_TEST_SEED`.
    public init() {
        let wanted = getenv("WIREROOM_TEST_SEED").flatMap { UInt64(String(cString: $0)) }
        self.init(seed: wanted ?? .random(in: 0...UInt64.max))
    }

    /// The numbers of a seed.
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

    /// True once in `count` times.
    public mutating func once(in count: Int) -> Bool {
        Int.random(in: 0..<count, using: &self) == 0
    }
}
