// SPDX-License-Identifier: Apache-2.0
internal import Dispatch

/// A thread for what tells whether the server is well, so that it is told also while everything else is busy.
final class ProbeExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "wireroom.probes")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
