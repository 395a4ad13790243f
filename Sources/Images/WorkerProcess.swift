// SPDX-License-Identifier: Apache-2.0
internal import CImages
internal import Glibc

/// A worker that runs, in the server. Blocks the thread that it is used on.
struct WorkerProcess {
    private let identifier: pid_t
    /// The end of the pipe on which it replies.
    private let reply: Int32
    private let limits: ImageLimits

    /// Starts the worker. The descriptors remain the caller's.
    init(
        _ executable: String, _ request: WorkerRequest, command: String, input: Int32, outputs: [Int32]
    ) throws(ImageError) {
        var (ends, identifier): ([Int32], pid_t) = ([-1, -1], 0)
        var error = cimages_pipe(&ends)
        guard error == 0 else { throw .failed("no pipe to the image worker: \(describe(error))") }
        defer { close(ends[1]) }
        let words = [executable, command] + request.arguments
        var arguments = words.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        // The third is replaced.
        let descriptors = [input, ends[1], ends[1]] + outputs
        error = cimages_spawn(executable, &arguments, descriptors, Int32(descriptors.count), &identifier)
        guard error == 0 else {
            close(ends[0])
            throw .failed("the image worker \(executable) cannot be started: \(describe(error))")
        }
        (self.identifier, reply, limits) = (identifier, ends[0], request.limits)
    }

    /// Waits for the worker's reply, ends it, and leaves nothing of it.
    func finish(_ cancellation: Cancellation) throws(ImageError) -> WorkerReply {
        defer { close(reply) }
        let outcome = read(cancellation)
        if case .text = outcome {} else { kill(identifier, SIGKILL) }
        let status = wait()
        switch outcome {
        case .cancelled: throw .failed("the picture is not wanted any more")
        case .timedOut: throw .tooLarge(tooSlow)
        case .broken(let error): throw .failed("no reply of the image worker: \(describe(error))")
        case .text(let bytes):
            let line = String(decoding: bytes, as: UTF8.self)
            guard let reply = WorkerReply(line, limits) else { throw ending(status) }
            return reply
        }
    }

    private enum Outcome {
        case text([UInt8])
        case cancelled, timedOut
        case broken(Int32)
    }

    /// Everything up to the end, which is when the worker has ended or is about to.
    private func read(_ cancellation: Cancellation) -> Outcome {
        let end = ContinuousClock.now + .seconds(limits.seconds)
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: WorkerReply.maximumBytes)
        while text.count <= WorkerReply.maximumBytes {
            var waiting = [
                pollfd(fd: reply, events: Int16(POLLIN), revents: 0),
                pollfd(fd: cancellation.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            let rest = (end - .now) / .milliseconds(1)
            if rest <= 0 { return .timedOut }
            let count = poll(&waiting, 2, Int32(rest.rounded(.up)))
            if count < 0, errno != EINTR { return .broken(errno) }
            if waiting[1].revents != 0 { return .cancelled }
            guard count > 0, waiting[0].revents != 0 else { continue }
            let taken = Glibc.read(reply, &chunk, chunk.count)
            if taken < 0, errno != EINTR { return .broken(errno) }
            if taken == 0 { return .text(text) }
            text += chunk.prefix(max(taken, 0))
        }
        return .broken(EMSGSIZE)
    }

    private func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
        return status
    }

    private var tooSlow: String { "The picture takes more than \(limits.seconds) seconds to decode." }

    /// Of a worker that ended without a reply: a signal is in the lower seven bits of its status (wait(2)).
    private func ending(_ status: Int32) -> ImageError {
        switch status & 0x7F {
        case 0: .failed("the image worker ended with \(status >> 8 & 0xFF), without a reply")
        case SIGXCPU, SIGALRM: .tooLarge(tooSlow)
        case SIGKILL: .failed("the image worker was killed, perhaps for want of memory")
        case SIGSYS: .failed("the image worker made a system call that its filter does not allow")
        case let signal: .damaged("The picture is damaged: its decoder was ended by signal \(signal).")
        }
    }
}

func describe(_ error: Int32) -> String { String(cString: strerror(error)) }

/// Tells the thread that waits for a worker that its picture is not wanted any more.
final class Cancellation: Sendable {
    /// Has something to read once it is cancelled.
    let descriptor: Int32
    private let end: Int32

    init() throws(ImageError) {
        var ends: [Int32] = [-1, -1]
        let error = cimages_pipe(&ends)
        guard error == 0 else { throw .failed("no pipe to the image worker: \(describe(error))") }
        (descriptor, end) = (ends[0], ends[1])
    }

    deinit {
        close(descriptor)
        close(end)
    }

    func cancel() { _ = write(end, "x", 1) }

    var isCancelled: Bool {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, 0) > 0
    }
}
