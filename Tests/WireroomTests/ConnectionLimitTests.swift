// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Wireroom

@Suite("The limit on connections")
struct ConnectionLimitTests {
    private static let gibibyte = 1 << 30

    private func limit(
        _ wanted: Int? = nil, descriptors: Int = 1 << 20, memory: Int? = 64 * gibibyte, workers: Int = 2
    ) -> ConnectionLimit {
        ConnectionLimit(wanted: wanted, descriptors: descriptors, memory: memory, workers: workers)
    }

    @Test("By default it is what half of the memory holds at 16 KiB each, at most 100,000")
    func byMemory() {
        #expect(limit(memory: Self.gibibyte / 2).connections == 16_384)
        #expect(limit(memory: Self.gibibyte).connections == 32_768)
        #expect(limit(memory: 4 * Self.gibibyte).connections == 100_000)
        #expect(limit(memory: nil).connections == 100_000)
        #expect(limit(memory: 0).connections == 1)
    }

    @Test("Descriptors bound it: some are for files, and for connections that are only sent a 503")
    func byDescriptors() {
        #expect(limit(descriptors: 256).connections == 192)
        #expect(limit(descriptors: 20_000) == limit(100_000, descriptors: 20_000))
        #expect(limit(descriptors: 20_000).connections == 20_000 - 64 - 2 * (512 - 64))
        #expect(limit(descriptors: 20_000, workers: 16).connections == 20_000 - 64 - 16 * (78 - 64))
        #expect(limit(descriptors: 0).connections == 1)
        #expect(limit(descriptors: .max).connections == 100_000)
    }

    @Test("A limit that was asked for is kept, whatever the memory, unless there are too few descriptors")
    func wanted() {
        #expect(limit(50_000, memory: 0).connections == 50_000)
        #expect(limit(7).connections == 7)
        #expect(limit(50_000, descriptors: 1_024).connections == 960)
    }

    @Test("The more descriptors, the more connections are told that there are too many")
    func refused() {
        #expect(limit(descriptors: 256).refused == 64)
        #expect(limit(descriptors: 4_096).refused == 128)
        #expect(limit().refused == 512)
    }

    @Test("Too few descriptors are said at the start")
    func warning() {
        #expect(
            limit(50_000, descriptors: 1_024).warning(wanted: 50_000)?.contains(
                "960 connections of the 50000") == true)
        #expect(limit(descriptors: 1_024).warning(wanted: nil)?.contains("960 connections;") == true)
        #expect(limit().warning(wanted: nil) == nil)
        #expect(limit(100).warning(wanted: 100) == nil)
    }
}
