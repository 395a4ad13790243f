// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// The limit on open files; every connection is one.
enum FileDescriptorLimit {
    /// Reserved for the database, the log, the listeners and everything else that is not a connection.
    private static let reserve = 64

    /// Raises the process's limit as far as the system allows, and returns how many connections fit in, `wanted` at most.
    static func connections(atMost wanted: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return wanted }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return min(wanted, max(maximum - reserve, 1))
    }

    /// How many files may be open.
    static var maximum: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        return Int(clamping: limit.rlim_cur)
    }
}
