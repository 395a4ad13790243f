// SPDX-License-Identifier: Apache-2.0
import CEpoll

/// The number of usable processors: the process's CPU affinity, or less if a cgroup quota applies. More workers than that would
/// only time-share.
enum Processors {
    static var available: Int {
        let allowed = Int(cepoll_processor_count())
        return max(1, min(allowed, cgroupQuota ?? allowed))
    }

    private static var cgroupQuota: Int? {
        let quotas = ControlGroup.contents(of: "cpu.max").compactMap { quota(cpuMax: $0) }
        return quotas.min()
            ?? quota(
                cpuMax: "\(ControlGroup.contents(of: "cpu.cfs_quota_us", controller: "cpu") ?? "") "
                    + (ControlGroup.contents(of: "cpu.cfs_period_us", controller: "cpu") ?? ""))
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
}
