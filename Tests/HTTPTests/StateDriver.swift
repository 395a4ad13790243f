// SPDX-License-Identifier: Apache-2.0
@testable import HTTP

/// Drives a `ConnectionState` without a socket or a clock, and records the outcomes.
struct StateDriver {
    /// An action, in a comparable and readable form.
    enum Outcome: Equatable, CustomStringConvertible {
        case request(String, body: String)
        case `continue`
        case failure(Int, String)
        case close

        var description: String {
            switch self {
            case .request(let line, let body): "request \(line) [\(body)]"
            case .continue: "continue"
            case .failure(let status, let detail): "\(status) \(detail)"
            case .close: "close"
            }
        }
    }

    var state: ConnectionState
    var now = Instant(nanoseconds: 1_000_000_000)
    private(set) var outcomes: [Outcome] = []
    private(set) var requests: [Request] = []
    /// Whether the server has sent its last byte on this connection.
    private(set) var hasEndedOutput = false
    /// Whether each request is answered immediately.
    var answersAtOnce = true

    /// Bodies that need admission are spooled, up to this many bytes.
    var spoolLimit: Int?
    /// What was written of the current body.
    private(set) var spooled: [UInt8] = []

    init(limits: Limits = Limits()) { state = ConnectionState(limits: SharedLimits(limits), now: now) }

    /// Passes input and carries out the resulting actions.
    mutating func receive(_ text: some StringProtocol) { receive(Array(text.utf8)[...]) }

    mutating func receive(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { state.receive($0) }
        advance()
    }

    /// Advances the clock.
    mutating func pass(_ span: Duration) {
        now = now + span
        advance()
    }

    /// Carries out actions until the state waits or closes.
    mutating func advance() {
        while true {
            switch state.next(at: now) {
            case .wait: return
            case .sendContinue: outcomes.append(.continue)
            case .admit: state.admit(atMost: spoolLimit ?? .max, isSpooled: spoolLimit != nil, at: now)
            case .spool(let bytes, let head):
                spooled += bytes
                state.spooled(at: now)
                guard let head else { continue }
                record(Request(head: head, body: spooled, peer: .loopback(), id: RequestID()))
                spooled = []
                guard answersAtOnce else { return }
                state.answered(at: now)
            case .respond(let head, let body):
                record(Request(head: head, body: body, peer: .loopback(), id: RequestID()))
                guard answersAtOnce else { return }
                state.answered(at: now)
            case .refuse(let failure, _):
                outcomes.append(.failure(failure.status.code, failure.detail))
                state.answered(at: now)
            case .endOutput: hasEndedOutput = true
            case .close:
                if outcomes.last != .close { outcomes.append(.close) }
                return
            }
        }
    }

    private mutating func record(_ request: Request) {
        requests.append(request)
        let body = String(decoding: request.body, as: UTF8.self)
        outcomes.append(.request("\(request.method) \(request.target)", body: body))
    }

    /// The outcomes of an input in parts.
    static func outcomes(_ parts: [ArraySlice<UInt8>], limits: Limits = Limits()) -> [Outcome] {
        var driver = StateDriver(limits: limits)
        for part in parts { driver.receive(part) }
        return driver.outcomes
    }

    /// The outcomes of an input in one part.
    static func outcomes(_ text: String, limits: Limits = Limits()) -> [Outcome] {
        outcomes([Array(text.utf8)[...]], limits: limits)
    }
}
