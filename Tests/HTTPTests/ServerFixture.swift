// SPDX-License-Identifier: Apache-2.0
import HTTP
import Support
import Synchronization
import Testing

/// Starts a server on a free port with a client for it; stopped at the end of the test.
func withServer(
    _ responder: some Responder, host: String = "127.0.0.1", workers: Int = 2, limits: Limits = .patient,
    forwarded: ForwardedBy = ForwardedBy(),
    onEvent: @escaping @Sendable (ServerEvent) -> Void = { _ in },
    onExchange: (@Sendable (Exchange) -> Void)? = nil,
    _ body: (Server, UInt16) async throws -> Void
) async throws {
    let reportRepairs: @Sendable (ServerEvent) -> Void = { event in
        // A release build goes on with the right values.
        if case .gaugesRepaired(let detail) = event { Issue.record("gauges were wrong: \(detail)") }
        onEvent(event)
    }
    var configuration = ServerConfiguration(
        host: host, port: 0, workers: workers, limits: limits, onEvent: reportRepairs)
    configuration.forwarded = forwarded
    configuration.onExchange = onExchange
    let server = Server(configuration: configuration, responder: responder)
    let port = try #require(try server.start().first?.port)
    do {
        try await body(server, port)
    } catch {
        await server.stop(within: .zero)
        throw error
    }
    await server.stop(within: .zero)
}

extension Limits {
    /// Long timeouts, for tests that are not about time: the machine is busy with other tests.
    static var patient: Limits {
        var limits = Limits()
        limits.headerTime = .seconds(300)
        limits.bodyTime = .seconds(300)
        limits.idleTime = .seconds(300)
        limits.stalledWriteTime = .seconds(300)
        limits.lingerTime = .seconds(300)
        return limits
    }
}

extension Server {
    /// Begins a graceful shutdown, and returns once it has begun: the cooperative pool may be busy, and clients do not wait
    /// forever.
    func beginStop() async -> Task<Void, Never> {
        let began = Signal()
        let stop = Task {
            began.give()
            await self.stop(within: .seconds(30))
        }
        await began.wait()
        return stop
    }
}

/// A responder from a closure; failures are answered as text with their status and detail.
struct ClosureResponder: Responder {
    let handler: Handler

    init(_ handler: @escaping Handler) { self.handler = handler }

    func respond(to request: Request) -> Answer { handler(request) }

    func respond(to failure: RequestFailure, request: Request?, id: RequestID) -> Response {
        Response.plain(failure)
    }
}

extension Response {
    /// A plain text response.
    static func text(_ text: String, _ status: Status = .ok) -> Response {
        Response(status, headers: [.contentType: "text/plain"], body: Array(text.utf8))
    }

    /// A failure as plain text, with `Allow` if it has one.
    static func plain(_ failure: RequestFailure) -> Response {
        var response = Response.text(failure.detail, failure.status)
        response.headers[.allow] = failure.allow
        return response
    }
}

/// A one-shot event that can be awaited, also after it occurred.
final class Signal: Sendable {
    private enum State {
        case waiting([CheckedContinuation<Void, Never>])
        case given
    }

    private let state = Mutex(State.waiting([]))

    /// Signals the event.
    func give() {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard case .waiting(let list) = state else { return [] }
            state = .given
            return list
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns once the event was signalled.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isGiven = state.withLock { state in
                guard case .waiting(let list) = state else { return true }
                state = .waiting(list + [continuation])
                return false
            }
            if isGiven { continuation.resume() }
        }
    }
}
