@testable import HTTP

/// What a connection did with the bytes that it was given: actions in short, without a socket or a clock.
struct StateDriver {
    /// An action, in a form that can be compared and read.
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
    /// Whether the server has said all that it will say on this connection.
    private(set) var hasEndedOutput = false
    /// Whether each request is answered at once.
    var answersAtOnce = true

    init(limits: Limits = Limits()) { state = ConnectionState(limits: limits, now: now) }

    /// Gives bytes and does what follows from them.
    mutating func receive(_ text: some StringProtocol) { receive(Array(text.utf8)[...]) }

    mutating func receive(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { state.receive($0) }
        advance()
    }

    /// Lets time pass.
    mutating func pass(_ span: Duration) {
        now = now + span
        advance()
    }

    /// Does all that the state wants done.
    mutating func advance() {
        while true {
            switch state.next(at: now) {
            case .wait: return
            case .sendContinue: outcomes.append(.continue)
            case .admit: state.admit(atMost: .max, at: now)
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

    /// What becomes of a whole input.
    static func outcomes(_ parts: [ArraySlice<UInt8>], limits: Limits = Limits()) -> [Outcome] {
        var driver = StateDriver(limits: limits)
        for part in parts { driver.receive(part) }
        return driver.outcomes
    }

    /// What becomes of a whole input given at once.
    static func outcomes(_ text: String, limits: Limits = Limits()) -> [Outcome] {
        outcomes([Array(text.utf8)[...]], limits: limits)
    }
}
