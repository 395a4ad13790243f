// SPDX-License-Identifier: Apache-2.0
internal import HTTP

/// How many connections `wireroom serve` takes at a time: `--connections`, or what descriptors and memory allow.
struct ConnectionLimit: Equatable {
    /// The connections in service, of all workers.
    let connections: Int
    /// The connections beyond that limit that are kept to be sent a 503, per worker.
    let refused: Int

    /// The highest limit that is tested.
    static let maximum = 100_000
    /// Memory per connection: what a head may take (``HTTP/Limits/headBytes``). An idle one takes a few KiB, the kernel's included.
    static let bytesPerConnection = 16 * 1024

    /// The limit that fits.
    ///
    /// - Parameters:
    ///   - wanted: the value of `--connections`.
    ///   - descriptors: the limit on open file descriptors, of which each connection takes one.
    ///   - memory: bytes that the process may use, half of them for connections; `nil` if unknown.
    init(wanted: Int?, descriptors: Int, memory: Int?, workers: Int) {
        refused = min(max(descriptors / 16 / workers, Self.leastRefused), Self.mostRefused)
        let others = FileDescriptorLimit.reserve + (refused - Self.leastRefused) * workers
        let byMemory = memory.map { $0 / 2 / Self.bytesPerConnection } ?? .max
        let most = wanted ?? min(Self.maximum, byMemory)
        connections = max(min(most, descriptors - others), 1)
    }

    private static let leastRefused = 64
    private static let mostRefused = 512

    /// What to tell the operator if descriptors are fewer than wanted, or than a default installation has connections.
    func warning(wanted: Int?) -> String? {
        guard connections < wanted ?? HTTP.Limits().connections else { return nil }
        let asked = wanted.map { " of the \($0) that --connections asks for" } ?? ""
        return "the limit on open files allows \(connections) connections\(asked); raise it (ulimit -n)"
    }
}
