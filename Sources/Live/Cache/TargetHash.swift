// SPDX-License-Identifier: Apache-2.0
internal import HTTP

/// A 128-bit hash of a request target: two hashes with random per-process seeds, so that attackers cannot choose targets that collide,
/// and accidental collisions are not to be expected. The target itself is not stored, as comparing it would cost every request another
/// memory access.
struct TargetHash: Hashable, Sendable {
    private let first: Int
    private let second: UInt64

    /// Selects the shard.
    var shard: Int { first }

    init(_ target: UnsafeRawBufferPointer) {
        var hasher = Hasher()
        hasher.combine(bytes: target)
        first = hasher.finalize()
        second = Self.mix(target)
    }

    private static let seed = (UInt64.random(in: 0 ... .max), UInt64.random(in: 0 ... .max) | 1)

    /// Multiplies and folds, eight bytes at a time.
    private static func mix(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let (start, factor) = seed
        var (sum, index) = (start ^ UInt64(bytes.count), 0)
        while index + 8 <= bytes.count {
            sum = fold(sum ^ bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self), factor)
            index += 8
        }
        var rest: UInt64 = 0
        while index < bytes.count {
            rest = rest << 8 | UInt64(bytes[index])
            index += 1
        }
        return fold(sum ^ rest, factor)
    }

    private static func fold(_ word: UInt64, _ factor: UInt64) -> UInt64 {
        let product = word.multipliedFullWidth(by: factor)
        return product.high ^ product.low
    }

    func hash(into hasher: inout Hasher) { hasher.combine(first) }
}
