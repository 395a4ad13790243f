// SPDX-License-Identifier: Apache-2.0
import CEpoll
import Glibc

/// The number of usable processors: the process's CPU affinity, or less if a cgroup quota applies. More workers than that would
/// only time-share.
enum Processors {
    static var available: Int {
        let allowed = Int(cepoll_processor_count())
        return max(1, min(allowed, cgroupQuota ?? allowed))
    }

    private static var cgroupQuota: Int? {
        let root = "/sys/fs/cgroup"
        let path = cgroupPath(in: text(ofFile: "/proc/self/cgroup") ?? "")
        let quotas = ancestors(of: path).compactMap {
            quota(cpuMax: text(ofFile: "\(root)\($0)/cpu.max") ?? "")
        }
        return quotas.min()
            ?? quota(
                cpuMax: "\(text(ofFile: "\(root)/cpu/cpu.cfs_quota_us") ?? "") "
                    + (text(ofFile: "\(root)/cpu/cpu.cfs_period_us") ?? ""))
    }

    /// `cpu.max` (`200000 100000`: quota and period in µs) as processors, rounded up; `nil` if there is no quota.
    static func quota(cpuMax: String) -> Int? {
        let numbers = cpuMax.split { $0 == " " || $0 == "\n" }.map { Int($0) }  // ascii: the kernel's
        guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], quota > 0, period > 0
        else {
            return nil
        }
        return (quota + period - 1) / period
    }

    /// The path in the unified hierarchy (`0::/system.slice/x`), without a trailing slash.
    static func cgroupPath(in list: String) -> String {
        let line = list.split(separator: "\n").first { $0.hasPrefix("0::") }  // ascii: the kernel's
        let path = line.map { String($0.dropFirst(3)) } ?? ""
        return path == "/" ? "" : path  // ascii: the kernel's
    }

    /// The path and all its parents: the tightest quota applies.
    static func ancestors(of path: String) -> [String] {
        var paths = [path]
        var rest = path[...]
        while let slash = rest.lastIndex(of: "/") {  // ascii: the kernel's
            rest = rest[..<slash]
            paths.append(String(rest))
        }
        return paths
    }

    private static func text(ofFile path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // A cgroup file is at most one memory page.
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &bytes, bytes.count)
        return count >= 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
