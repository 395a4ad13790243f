// SPDX-License-Identifier: Apache-2.0
internal import Threads

/// Threads for calls on files, which may wait for a disk. An upload has one call here at a time, so that uploads bound the line.
package enum BlockingWork {
    private static let threads = BoundedQueue("media.files", 4, waiting: .max)

    /// Runs work on one of the threads.
    package static func run<Result: Sendable, Failure: Error>(
        _ work: @escaping @Sendable () throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Swift.Result<Result, Failure>, Never>) in
            // Never refused, as the line has no bound of its own.
            _ = threads.add {
                continuation.resume(returning: Swift.Result { () throws(Failure) in try work() })
            }
        }
        return try result.get()
    }
}
