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
        #expect(Processors.cgroupPath(in: "12:cpu:/old\n0::/a/b\n") == "/a/b")
        #expect(Processors.cgroupPath(in: "0::/\n") == "")
        #expect(Processors.ancestors(of: "/a/b") == ["/a/b", "/a", ""])
    }

    @Test("finds at least one")
    func findsOne() { #expect(Processors.available >= 1) }
}
