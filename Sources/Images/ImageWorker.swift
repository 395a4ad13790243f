// SPDX-License-Identifier: Apache-2.0
internal import CImages
internal import Glibc

/// The process that decodes one picture: the hidden command of the program.
public enum ImageWorker {
    /// The name of the command.
    public static let command = "process-image"

    /// Does what the arguments ask for, with the descriptors that ``ImageProcessor`` gives it, and ends the process.
    public static func run(_ arguments: [String]) -> Never {
        guard let request = WorkerRequest(arguments) else { refuse(command) }
        do throws(ImageError) {
            try prepare(request.limits)
            answer(try reply(to: request))
        } catch {
            answer(.error(error))
        }
        // Without what is done at exit, which the filter of system calls might not allow.
        _exit(0)
    }

    /// Ends a process that the caller did not start.
    static func refuse(_ command: String) -> Never {
        write("\(command) is for the server itself.\n", to: STDERR_FILENO)
        _exit(2)
    }

    private static func prepare(_ limits: ImageLimits) throws(ImageError) {
        if let reason = cimages_load() { throw .failed(String(cString: reason)) }
        try confine(limits, hasThreads: false)
    }

    /// Confines this process for good.
    static func confine(_ limits: ImageLimits, hasThreads: Bool) throws(ImageError) {
        let reason = cimages_confine(
            UInt64(limits.memory), UInt64(limits.seconds), UInt64(limits.fileBytes), hasThreads ? 1 : 0)
        if let reason {
            throw .failed("the image worker cannot be confined: \(String(cString: reason))")
        }
    }

    private static func reply(to request: WorkerRequest) throws(ImageError) -> WorkerReply {
        guard let range = request.range else { return .ready }
        guard range.count <= request.limits.bytes else {
            throw .tooLarge("The file has more than \(request.limits.bytes) bytes.")
        }
        let bytes = try read(range)
        let header = try ImageHeader(ImageBytes(bytes))
        try header.check(request.limits)
        return .image(try ImageMaker(bytes, header, request.limits).make())
    }

    /// Never freed: the process ends when the picture is done.
    static func read(
        _ range: Range<Int>, from descriptor: Int32 = WorkerDescriptor.input
    ) throws(ImageError) -> UnsafeRawBufferPointer {
        guard let start = malloc(max(range.count, 1)) else {
            throw .tooLarge("The picture needs more memory than it may have.")
        }
        var filled = 0
        while filled < range.count {
            let count = pread(
                descriptor, start + filled, range.count - filled, range.lowerBound + filled)
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw .storage(errno) }
            if count == 0 { break }
            filled += count
        }
        return UnsafeRawBufferPointer(start: start, count: filled)
    }

    static func answer(_ reply: WorkerReply) { write(reply.line, to: WorkerDescriptor.reply) }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        // The pipe holds it at once.
        _ = text.withUTF8 { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}
