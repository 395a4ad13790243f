// SPDX-License-Identifier: Apache-2.0
import Dispatch
import HTTP
import Support
import Synchronization
import Testing

@testable import API
@testable import Live

@Suite("Job queue")
struct JobQueueTests {
    private let jobs = JobQueue(threads: 1)

    /// The numbers of the jobs that ran, in order.
    private final class Record: Sendable {
        private let numbers = Mutex<[Int]>([])

        func add(_ number: Int) { numbers.withLock { $0.append(number) } }

        var all: [Int] { numbers.withLock(\.self) }
    }

    /// Blocks the queue's only thread until it is opened.
    private final class Gate: Sendable {
        private let entered = DispatchSemaphore(value: 0)
        private let left = DispatchSemaphore(value: 0)

        func pass() {
            entered.signal()
            left.wait()
        }

        func open() { left.signal() }

        /// Waits on a Dispatch thread, since a semaphore must not block the cooperative pool.
        func waitUntilEntered() async {
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    self.entered.wait()
                    continuation.resume()
                }
            }
        }
    }

    private func occupied(_ body: () async throws -> Void) async throws {
        let gate = Gate()
        async let first: Void = jobs.run { gate.pass() }
        await gate.waitUntilEntered()
        do {
            try await body()
        } catch {
            gate.open()
            throw error
        }
        gate.open()
        try await first
    }

    @Test("Jobs run in FIFO order, and the counts return to zero")
    func order() async throws {
        let done = Record()
        try await withThrowingTaskGroup { group in
            try await occupied {
                for number in 1...3 {
                    group.addTask { [jobs] in try await jobs.run { done.add(number) } }
                    try await until { jobs.figures.waiting == number }
                }
                #expect(jobs.figures == (1, 3))
            }
            try await group.waitForAll()
        }
        #expect(done.all == [1, 2, 3])
        #expect(jobs.figures == (0, 0))
    }

    @Test("A full queue refuses a job, and accepts jobs again once it has drained")
    func full() async throws {
        try await withThrowingTaskGroup { group in
            try await occupied {
                for number in 1...2 {
                    group.addTask { [jobs] in try await jobs.run(behind: 2) {} }
                    try await until { jobs.figures.waiting == number }
                }
                await #expect(throws: JobQueue.Refused.self) { try await jobs.run(behind: 2) {} }
            }
            try await group.waitForAll()
        }
        #expect(try await jobs.run(behind: 2) { 5 } == 5)
    }

    @Test("Short work runs at once only if a thread is free")
    func atOnce() async throws {
        #expect(jobs.runAtOnce { 3 } == 3)
        #expect(jobs.figures == (0, 0))
        try await occupied {
            #expect(jobs.runAtOnce { 3 } == nil)
            #expect(jobs.figures == (1, 0))
        }
    }

    @Test("A job cancelled while waiting leaves the queue and does not run")
    func cancellation() async throws {
        let done = Record()
        try await occupied {
            let task = Task { [jobs] in try await jobs.run { done.add(1) } }
            try await until { jobs.figures.waiting == 1 }
            task.cancel()
            await #expect(throws: JobQueue.Refused.self) { try await task.value }
            #expect(jobs.figures == (1, 0))
            let late = Task { [jobs] in
                withUnsafeCurrentTask { $0?.cancel() }
                try await jobs.run {}
            }
            await #expect(throws: JobQueue.Refused.self) { try await late.value }
        }
        #expect(jobs.figures == (0, 0) && done.all.isEmpty)
    }

    @Test("Concurrent submissions and cancellations leave the queue empty")
    func storm() async throws {
        let jobs = JobQueue(threads: 2)
        await withTaskGroup { group in
            for number in 0..<500 {
                group.addTask {
                    let task = Task { try await jobs.run { number } }
                    if number % 3 == 0 { task.cancel() }
                    // A job cancelled in time has no value.
                    if let result = try? await task.value { #expect(result == number) }
                }
            }
        }
        #expect(jobs.figures == (0, 0))
        #expect(try await jobs.run { 1 } == 1)
    }

    @Test("While the queue is full, rendering gets 503, and probes, pages and reads are answered")
    func overload() async throws {
        let folder = try TemporaryFolder()
        let api = folder.api(over: try folder.store()) { $0.jobs = jobs }
        try await withThrowingTaskGroup { group in
            try await occupied {
                for number in 1...JobQueue.maximumWaiting {
                    group.addTask { [jobs] in try await jobs.run {} }
                    try await until { jobs.figures.waiting == number }
                }
                let preview = try await api.answer("POST /preview", "*a*", type: "text/markdown")
                #expect(preview.status == .serviceUnavailable)
                #expect(["1", "2", "3"].contains(preview.headers[.retryAfter]))
                #expect(String(decoding: preview.body, as: UTF8.self).contains("/problems/busy"))
                let page = try await api.answer("POST /import", "A page", type: "text/plain")
                #expect(page.status == .serviceUnavailable)
                for path in ["/healthz", "/readyz", "/desk", "/openapi.yaml", "/stories", "/"] {
                    #expect(try await api.answer("GET \(path)").status == .ok, "\(path)")
                }
                let metrics = String(decoding: try await api.answer("GET /metrics").body, as: UTF8.self)
                #expect(metrics.contains("\nwireroom_jobs_running 1\n"))
                #expect(metrics.contains("\nwireroom_jobs_waiting \(JobQueue.maximumWaiting)\n"))
            }
            try await group.waitForAll()
        }
        #expect(try await api.answer("POST /preview", "*a*", type: "text/markdown").status == .ok)
    }

    @Test(
        "Resources in memory are answered at once, with or without a key",
        arguments: [
            "/healthz", "/openapi.yaml", "/desk", "/embed.js", "/client.js", "/client.d.ts",
            LocalizedAsset.live.asset(in: .english).path,
        ])
    func ready(path: String) throws {
        let folder = try TemporaryFolder()
        let api = folder.api(over: try folder.store())
        for headers: Headers in [[:], [.authorization: "Bearer \(testKey)"]] {
            let answer = api.respond(to: try Request(.get, path, headers: headers))
            guard case .ready(let response) = answer else {
                Issue.record("waits")
                return
            }
            #expect(response.status == .ok)
        }
    }

    @Test("Probes do not share the threads of other requests", arguments: ["/readyz", "/metrics"])
    func probes(path: String) throws {
        let folder = try TemporaryFolder()
        let api = folder.api(over: try folder.store())
        let answer = api.respond(to: try Request(.get, path, headers: [.authorization: "Bearer \(testKey)"]))
        guard case .pending(let executor, _) = answer else {
            Issue.record("does not prove anything")
            return
        }
        #expect(executor is ProbeExecutor)
    }

    @Test("A page is sent uncompressed while the queue is full, and compressed later")
    func plainPages() async throws {
        let folder = try TemporaryFolder()
        let api = folder.api(over: try folder.store()) { $0.jobs = jobs }
        let story = try await api.newStory()
        let get = { try await api.answer("GET /live/\(story)", headers: [.acceptEncoding: "gzip"]) }
        try await withThrowingTaskGroup { group in
            try await occupied {
                for number in 1...JobQueue.maximumWaitingCompressions {
                    group.addTask { [jobs] in try await jobs.run {} }
                    try await until { jobs.figures.waiting == number }
                }
                let plain = try await get()
                #expect(plain.status == .ok && plain.headers[.contentEncoding] == nil)
            }
            try await group.waitForAll()
        }
        #expect(try await get().headers[.contentEncoding] == "gzip")
    }
}

extension API {
    /// Returns the response to a request; if it has a `type`, with the admin key.
    fileprivate func answer(
        _ line: String, _ body: String = "", type: String? = nil, headers: Headers = [:]
    ) async throws -> Response {
        let parts = line.split(separator: " ").map(String.init)
        var headers = headers
        if let type {
            headers.add(.contentType, type)
            headers.add(.authorization, "Bearer \(testKey)")
        }
        let request = try Request(
            Method(rawValue: parts[0]), parts[1], headers: headers, body: Array(body.utf8))
        return await response(to: request)
    }
}
