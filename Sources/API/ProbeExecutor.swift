// SPDX-License-Identifier: Apache-2.0
internal import Dispatch

/// A queue for health checks and metrics, so that they are answered while everything else is busy.
final class ProbeExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "wireroom.probes")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
