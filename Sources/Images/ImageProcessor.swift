// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Threads

/// Decodes pictures and encodes them anew, so that nothing of what was sent is in the files but the pixels: no metadata, no place, no
/// trailing bytes. Each picture is decoded in a process of its own, the worker, which may do nothing but that.
public struct ImageProcessor: Sendable {
    let executable: String
    let limits: ImageLimits
    private let queue: BoundedQueue

    /// A processor. `executable`: the program whose command `process-image` is the worker, `/proc/self/exe` in the server. At most
    /// `concurrency` workers run at a time, before which at most `waiting` pictures stand in line.
    public init(executable: String, concurrency: Int, waiting: Int, limits: ImageLimits = ImageLimits()) {
        (self.executable, self.limits) = (executable, limits)
        queue = BoundedQueue("wireroom.images", concurrency, waiting: waiting)
    }

    /// Processes the picture that is in this range of a file's bytes, whatever the file's name or type is said to be. Writes into the
    /// folder, which must exist: `original`, and for each of ``ProcessedImage/widths`` that is smaller than the picture `<width>.webp` and
    /// `<width>.jpg`. Files are not synced; none is left if an error is thrown.
    ///
    /// Throws `busy` at once if too many pictures wait already. When the task is cancelled, the worker is killed, or is not started when
    /// its turn comes. The descriptor must stay open until then.
    public func process(
        _ descriptor: Int32, _ range: Range<Int>, into folder: String
    ) async throws(ImageError) -> ProcessedImage {
        try await run { cancellation throws(ImageError) in
            var output = try OutputFolder(folder)
            let worker = try WorkerProcess(
                executable, WorkerRequest(range, limits), command: ImageWorker.command, input: descriptor,
                outputs: output.files)
            switch try worker.finish(cancellation) {
            case .image(let image): return try output.keep(image)
            case .error(let error): throw error
            case .ready, .drawn: throw .failed("the image worker gave the wrong reply")
            }
        }
    }

    /// Starts a worker without a picture, to learn early whether a library is missing or it cannot be confined. Throws `failed` then.
    public func check() async throws(ImageError) { try await check(ImageWorker.command) }

    func check(_ command: String) async throws(ImageError) {
        try await run { cancellation throws(ImageError) in
            let worker = try WorkerProcess(
                executable, WorkerRequest(nil, limits), command: command, input: cancellation.descriptor,
                outputs: [])
            switch try worker.finish(cancellation) {
            case .ready: return
            case .error(let error): throw error
            case .image, .drawn: throw .failed("the image worker gave the wrong reply")
            }
        }
    }

    /// Does the work on a thread of the queue.
    func run<Success: Sendable>(
        _ work: @escaping @Sendable (Cancellation) throws(ImageError) -> Success
    ) async throws(ImageError) -> Success {
        let cancellation = try Cancellation()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isTaken = queue.add {
                    continuation.resume(returning: Self.result(work, cancellation))
                }
                if !isTaken { continuation.resume(returning: .failure(.busy)) }
            }
        } onCancel: {
            cancellation.cancel()
        }
        return try result.get()
    }

    private static func result<Success>(
        _ work: (Cancellation) throws(ImageError) -> Success, _ cancellation: Cancellation
    ) -> Result<Success, ImageError> {
        if cancellation.isCancelled { return .failure(.failed("the picture is not wanted any more")) }
        do throws(ImageError) { return .success(try work(cancellation)) } catch { return .failure(error) }
    }
}
