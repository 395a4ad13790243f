// SPDX-License-Identifier: Apache-2.0
import CImages
import Confinement
import Foundation
import Images
import Support
import Testing

@Suite("The image worker")
struct WorkerTests {
    /// A program in the worker's place.
    private static func impostor(
        _ script: String, concurrency: Int = 1, waiting: Int = 10, seconds: Int = 60
    ) throws -> (folder: TemporaryFolder, processor: ImageProcessor) {
        let folder = try TemporaryFolder()
        let file = folder.file("worker")
        // Written by another process: a program that this one has open for writing could not be executed (ETXTBSY), and one that is being
        // started elsewhere has this one's descriptors for a moment.
        let writer = Process()
        writer.executableURL = URL(filePath: "/bin/sh")
        writer.arguments = ["-c", #"printf '%s\n' "$1" > "$2" && chmod 755 "$2""#, "sh"]
        writer.arguments? += ["#!/bin/sh\ncd \(folder.path)\n\(script)", file]
        try writer.run()
        writer.waitUntilExit()
        let processor = ImageProcessor(
            executable: file, concurrency: concurrency, waiting: waiting,
            limits: ImageLimits(seconds: seconds))
        return (folder, processor)
    }

    @Test("It can start")
    func starts() async throws {
        try await processor.check()
    }

    @Test("What it cannot be started from is named")
    func missing() async throws {
        let processor = ImageProcessor(executable: "/none/wireroom", concurrency: 1, waiting: 1)
        #expect(
            try await failure([1], by: processor)
                == .failed("the image worker /none/wireroom cannot be started: No such file or directory"))
    }

    @Test("It needs its arguments from the server")
    func arguments() async throws {
        for arguments in [[], ["1"], ["0", "1", "x", "1", "1", "1", "1", "1", "1", "1"]] {
            let process = Process()
            process.executableURL = URL(filePath: program)
            process.arguments = ["process-image"] + arguments
            process.standardError = Pipe()
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 2)
        }
    }

    @Test(
        "A picture that needs more memory than there may be is refused",
        .enabled(if: cimages_limits_memory() != 0))
    func memory() async throws {
        let limits = ImageLimits(memory: 100_000)
        guard
            case .tooLarge(let text) = try await failure(Picture.bytes("wide.jpg"), by: makeProcessor(limits))
        else {
            throw Unexpected(description: "another error")
        }
        #expect(text.contains("memory"))
    }

    @Test("A file that would become too long is refused")
    func fileBytes() async throws {
        let error = try await failure(
            Picture.bytes("wide.jpg"), by: makeProcessor(ImageLimits(fileBytes: 1_000)))
        #expect(error == .tooLarge("A file made of the picture would be too long."))
    }

    @Test("A worker that takes too long is killed")
    func time() async throws {
        let (folder, processor) = try Self.impostor("echo $$ > pid; exec sleep 600", seconds: 1)
        #expect(
            try await failure([1], by: processor)
                == .tooLarge("The picture takes more than 1 seconds to decode."))
        #expect(try Self.isGone(in: folder))
    }

    private static func isGone(in folder: TemporaryFolder) throws -> Bool {
        let text = try String(contentsOfFile: folder.file("pid"), encoding: .utf8)
        let process = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        return kill(process, 0) < 0 && errno == ESRCH
    }

    @Test("When nobody wants the picture any more, its worker is killed, and one that waits is not started")
    func cancelled() async throws {
        let (folder, processor) = try Self.impostor("echo $$ > pid; exec sleep 600")
        func start() -> Task<ImageError, any Error> { Task { try await failure([1], by: processor) } }
        let running = start()
        try await until {
            FileManager.default.contents(atPath: folder.file("pid"))?.last == UInt8(ascii: "\n")
        }
        let waiting = start()
        waiting.cancel()
        running.cancel()
        for task in [running, waiting] {
            #expect(try await task.value == .failed("the picture is not wanted any more"))
        }
        #expect(try Self.isGone(in: folder))
    }

    @Test("Beyond those that may wait, a picture is refused at once")
    func busy() async throws {
        let (folder, processor) = try Self.impostor("echo $$ > pid; exec sleep 600", waiting: 0)
        let task = Task { try await failure([1], by: processor) }
        try await until { FileManager.default.fileExists(atPath: folder.file("pid")) }
        #expect(try await failure([1], by: processor) == .busy)
        task.cancel()
        _ = try await task.value
    }

    @Test("What ends a worker is told apart")
    func endings() async throws {
        let endings: [(script: String, error: ImageError)] = [
            ("kill -SEGV $$", .damaged("The picture is damaged: its decoder was ended by signal 11.")),
            ("kill -SYS $$", .failed("the image worker made a system call that its filter does not allow")),
            ("kill -XCPU $$", .tooLarge("The picture takes more than 60 seconds to decode.")),
            ("kill -KILL $$", .failed("the image worker was killed, perhaps for want of memory")),
            ("exit 3", .failed("the image worker ended with 3, without a reply")),
            (
                "echo image image/svg 1 1 0 '#000000' original",
                .failed("the image worker ended with 0, without a reply")
            ),
            ("exec yes", .failed("no reply of the image worker: Message too long")),
            (
                "echo image image/png 1 1 0 '#000000' original",
                .failed("the image worker left original empty")
            ),
            ("echo ready", .failed("the image worker gave the wrong reply")),
        ]
        for (script, error) in endings {
            let (folder, processor) = try Self.impostor(script)
            #expect(try await failure([1], by: processor) == error, "\(script) in \(folder.path)")
        }
    }

    @Test("It inherits none of the server's descriptors, no variable, and no signal that is ignored")
    func inheritance() async throws {
        let (folder, processor) = try Self.impostor(
            """
            ls -l /proc/$$/fd > descriptors
            tr '\\0' '\\n' < /proc/$$/environ > variables
            grep SigIgn /proc/$$/status > signals
            """)
        // Without O_CLOEXEC: programs inherit it, unless it is closed for them.
        let descriptor = open(folder.file("inherited"), O_RDWR | O_CREAT, 0o600)
        defer { close(descriptor) }
        _ = try await failure([1], by: processor)
        func text(_ name: String) throws -> String {
            try String(contentsOfFile: folder.file(name), encoding: .utf8)
        }
        #expect(try text("descriptors").contains("1920.webp"))
        #expect(try text("descriptors").contains("/dev/null"))
        #expect(try !text("descriptors").contains("inherited"))
        #expect(try text("variables") == "")
        let ignored = try #require(UInt64(text("signals").dropFirst(8).dropLast(), radix: 16))
        // But for 32 and 33, which are glibc's own.
        #expect(ignored & ~0x1_8000_0000 == 0)
    }

    @Test("Files that are there already stay as they are")
    func existing() async throws {
        let folder = try TemporaryFolder()
        try Data("mine".utf8).write(to: URL(filePath: folder.file("640.jpg")))
        await #expect(throws: ImageError.storage(EEXIST)) {
            try await process(Picture.bytes("wide.jpg"), into: folder.path)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["640.jpg"])
        #expect(try String(contentsOfFile: folder.file("640.jpg"), encoding: .utf8) == "mine")
        await #expect(throws: ImageError.storage(ENOENT)) {
            try await process(Picture.bytes("wide.jpg"), into: folder.file("none"))
        }
    }

    private static let allowed = [confinement_nothing, confinement_write, confinement_allocate]
    private static let refused = [
        confinement_open, confinement_create, confinement_socket, confinement_execute, confinement_fork,
        confinement_thread, confinement_signal, confinement_trace, confinement_map_code,
        confinement_make_code,
        confinement_duplicate,
    ]

    @Test("Confined, it may write and allocate, and nothing else")
    func confined() {
        for hasThreads: Int32 in [0, 1] {
            for attempt in Self.allowed {
                #expect(confinement_try(attempt, hasThreads) == 1, "\(attempt.rawValue)")
            }
            for attempt in Self.refused {
                #expect(confinement_try(attempt, hasThreads) == 0, "\(attempt.rawValue)")
            }
        }
    }
}
