// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTTP

@Suite("Counting processors")
struct ProcessorsTests {
    @Test(
        "reads a quota, rounded up",
        arguments: [
            ("200000 100000\n", 2), ("150000 100000", 2), ("1000 100000", 1), ("max 100000\n", nil),
            ("-1 100000", nil),
            ("", nil), ("nonsense", nil), ("100000 0", nil),
        ] as [(String, Int?)])
    func readsQuotas(text: String, count: Int?) {
        #expect(Processors.quota(cpuMax: text) == count)
    }

    @Test("finds the process's cgroup and its parents")
    func findsGroups() {
        #expect(ControlGroup.path(in: "12:cpu:/old\n0::/a/b\n") == "/a/b")
        #expect(ControlGroup.path(in: "0::/\n") == "")
        #expect(ControlGroup.ancestors(of: "/a/b") == ["/a/b", "/a", ""])
    }

    @Test("finds at least one")
    func findsOne() { #expect(Processors.available >= 1) }
}

@Suite("Measuring memory")
struct MachineMemoryTests {
    @Test(
        "reads a limit of a control group",
        arguments: [("536870912\n", 536_870_912), ("max\n", nil), ("", nil)] as [(String, Int?)])
    func readsLimits(text: String, bytes: Int?) { #expect(MachineMemory.bytes(limit: text) == bytes) }

    @Test("reads the machine's memory")
    func readsTotal() {
        #expect(MachineMemory.total(meminfo: "MemTotal:       16384 kB\nMemFree:  1 kB\n") == 16_384 * 1_024)
        #expect(MachineMemory.total(meminfo: "MemFree: 1 kB\n") == nil)
    }

    @Test("finds some")
    func finds() throws { #expect(try #require(MachineMemory.available) > 64 << 20) }
}
