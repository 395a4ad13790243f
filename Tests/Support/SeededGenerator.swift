/// Random numbers that a seed brings back: SplitMix64.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    /// What to give to `init` to see the same numbers again.
    public let seed: UInt64
    private var state: UInt64

    /// The numbers of a seed; without one, of a seed that nobody knows yet.
    public init(seed: UInt64 = .random(in: 0...UInt64.max)) {
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
