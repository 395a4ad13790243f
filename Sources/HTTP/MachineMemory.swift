// SPDX-License-Identifier: Apache-2.0
/// The memory that this process may use: the machine's, or less if a cgroup limit applies.
public enum MachineMemory {
    /// Bytes; `nil` if the system does not say.
    public static var available: Int? {
        let groups = ControlGroup.contents(of: "memory.max").compactMap { bytes(limit: $0) }
        let old = ControlGroup.contents(of: "memory.limit_in_bytes", controller: "memory").flatMap {
            bytes(limit: $0)
        }
        let machine = ControlGroup.text(ofFile: "/proc/meminfo").flatMap { total(meminfo: $0) }
        return (groups + [old, machine].compactMap(\.self)).min()
    }

    /// A limit of a cgroup, such as `536870912`; `nil` for `max`.
    static func bytes(limit: String) -> Int? {
        limit.split(separator: "\n").first.flatMap { Int($0) }  // ascii: the kernel's
    }

    /// `MemTotal:       16384000 kB` in bytes.
    static func total(meminfo: String) -> Int? {
        let line = meminfo.split(separator: "\n").first { $0.hasPrefix("MemTotal:") }  // ascii: the kernel's
        let fields = line?.split(separator: " ") ?? []  // ascii: the kernel's
        return fields.count == 3 ? Int(fields[1]).map { $0 * 1024 } : nil
    }
}
