// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Stories
internal import Synchronization

/// The access log: samples requests and logs them, without keys, bodies, queries, visitor ids and tokens of previews.
final class AccessLog: Sendable {
    private let log: Log
    private let forwarded: ForwardedBy
    private let addresses: LoggedAddresses
    /// The sampling interval: one request in this many is logged; 0 logs only failures.
    private let interval: UInt64
    private let state = Mutex(State())

    private struct State {
        var second: Int64 = 0
        var linesOfSecond = 0
        var omitted = 0
    }

    /// The rate limit in lines per second, so that a flood of requests does not become a flood of lines. It is higher for a larger
    /// share, and lower for lines that are logged regardless of it.
    private let linesPerSecond: Int
    private static let unaskedPerSecond = 20

    /// Longer paths are truncated.
    private static let pathBytes = 256

    init(log: Log, share: Double, forwarded: ForwardedBy, addresses: LoggedAddresses) {
        (self.log, self.forwarded, self.addresses) = (log, forwarded, addresses)
        interval = share > 0 ? max(1, UInt64(exactly: (1 / share).rounded()) ?? .max) : 0
        linesPerSecond = max(40, Int(share * 1_000))
    }

    /// Logs a request that was answered, or whose client disconnected, if it is sampled and within the rate limit.
    func note(_ exchange: Exchange) {
        guard let bound = bound(for: exchange), let omitted = takeLine(of: bound) else { return }
        if omitted > 0 {
            log.write(
                .warning, "requests were not logged: the rate limit was reached",
                [("requests", .integer(omitted))])
        }
        log.write(exchange.level, "request", fields(of: exchange))
    }

    /// The rate limit that applies to a line for this request; `nil` if it is not logged. Failures are always logged, writes with a
    /// key unless sampling is disabled, of the rest a share.
    private func bound(for exchange: Exchange) -> Int? {
        if interval > 0, exchange.number % interval == 0 { return linesPerSecond }
        if let status = exchange.status, status.code >= 500 { return Self.unaskedPerSecond }
        guard interval > 0, exchange.method != .get, exchange.request?.isDeskWrite == true else { return nil }
        return Self.unaskedPerSecond
    }

    /// Takes a line of this second's limit, and returns how many were omitted in the last active second; `nil` if the limit is
    /// reached.
    private func takeLine(of bound: Int) -> Int? {
        let second = Timestamp.now.milliseconds / 1_000
        return state.withLock { state in
            if state.second != second {
                let omitted = state.omitted
                state = State(second: second, linesOfSecond: 1)
                return omitted
            }
            guard state.linesOfSecond < bound else {
                state.omitted += 1
                return nil
            }
            state.linesOfSecond += 1
            return 0
        }
    }

    private func fields(of exchange: Exchange) -> [(name: String, value: LogLine.Value)] {
        let request = exchange.request
        var fields: [(name: String, value: LogLine.Value)] = [("id", .text(exchange.id.description))]
        if let request {
            fields.append(("method", .text(request.method.rawValue)))
            fields.append(("path", .text(Self.shown(request.path))))
        }
        if let meter = exchange.meter { fields.append(("route", .text(meter.route))) }
        fields.append(("status", exchange.status.map { .integer($0.code) } ?? .text("gone")))
        fields.append(("bytes", .integer(exchange.bodyBytes)))
        fields.append(("ms", .milliseconds(exchange.seconds * 1_000)))
        if exchange.waitedSeconds > 0 {
            fields.append(("waited_ms", .milliseconds(exchange.waitedSeconds * 1_000)))
        }
        if let client = addresses.text(request?.client(forwarded) ?? exchange.peer) {
            fields.append(("client", .text(client)))
        }
        if let trace = request?.traceParent {
            fields.append(("trace_id", .text(trace.traceID)))
            fields.append(("parent_id", .text(trace.parentID)))
        }
        return fields
    }

    /// The path as logged. Whoever knows the token of a preview can look at it.
    private static func shown(_ path: String) -> String {
        path.utf8.starts(with: "/preview/".utf8) ? "/preview/…" : cut(path)
    }

    private static func cut(_ path: String) -> String {
        // Paths are ASCII, so no character is cut in half.
        path.utf8.count <= pathBytes
            ? path : String(decoding: path.utf8.prefix(pathBytes), as: UTF8.self) + "…"
    }
}

extension Exchange {
    fileprivate var level: LogLine.Level {
        switch status?.code ?? 0 {
        case 500: .error
        case 501...: .warning
        default: .info
        }
    }
}

extension Request {
    /// Whether it is a write with a key.
    fileprivate var isDeskWrite: Bool {
        method != .get && method != .head && method != .options && has(.authorization)
    }
}

/// How much of a client's address is logged.
enum LoggedAddresses: String, CaseIterable {
    /// The network only: the first 24 bits of an IPv4 address, the first 48 of an IPv6 address, which do not identify a person.
    case short
    case full
    case none

    /// The address as logged; `nil` to omit it.
    func text(_ address: SocketAddress) -> String? {
        switch self {
        case .short: address.truncated(to: address.isIPv4 ? 24 : 48).host
        case .full: address.host
        case .none: nil
        }
    }
}
