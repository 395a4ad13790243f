// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// The limit on open file descriptors; every connection takes one.
enum FileDescriptorLimit {
    /// Reserved for the database, the log, the listeners and everything else that is not a connection.
    static let reserve = 64

    /// Raises the soft limit to the hard limit, and returns it; a large number if it is unknown.
    static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return .max }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return maximum
    }

    /// The soft limit; 0 if unknown.
    static var maximum: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        return Int(clamping: limit.rlim_cur)
    }
}
