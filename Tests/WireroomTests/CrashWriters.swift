// SPDX-License-Identifier: Apache-2.0
import HTTP
import JSON
import Support
import Synchronization

/// A client that writes to a story until the server is killed, resumes after its restart, and records all responses.
///
/// Used by one task at a time.
final class CrashWriter: @unchecked Sendable {
    /// The operation that a writer repeats.
    enum Kind: CaseIterable { case post, edit, react, batch, retry }

    let kind: Kind
    private let number: Int
    let story: String
    /// Operations begun, of which the last may be unanswered.
    private(set) var begun = 0
    /// Operations without a response, because the server was killed.
    private(set) var unanswered = 0
    /// Operations answered with success.
    private(set) var acknowledged = 0
    /// The ids of acknowledged updates.
    private(set) var ids: Set<String> = []
    /// The update that is edited and reacted to.
    private let target: String
    /// The number of the last acknowledged edit.
    private(set) var lastEdit = 0
    /// Responses replayed for an idempotency key.
    private(set) var replays = 0
    /// The last operation of which a response was thrown away.
    private var discarded = 0

    init(_ kind: Kind, _ number: Int, story: String, target: String) {
        (self.kind, self.number, self.story, self.target) = (kind, number, story, target)
    }

    /// Writes until a request gets no response, or until the task is cancelled: a node may get over the loss of its database unnoticed.
    func write(on port: UInt16, headers: [(String, String)]) async {
        let client = HTTPClient(port: port)
        while !Task.isCancelled, await writeOnce(client, headers) {}
    }

    private func writeOnce(_ client: HTTPClient, _ headers: [(String, String)]) async -> Bool {
        // A retry repeats an unanswered operation; other kinds begin a new one.
        if kind != .retry || acknowledged == begun { begun += 1 }
        guard let reply = await attempt(client, headers), !discards() else {
            unanswered += 1
            return false
        }
        acknowledged += 1
        if kind == .edit { lastEdit = begun }
        for update in reply.items ?? [reply] where kind != .react {
            if let id = update["id"]?.string { ids.insert(id) }
        }
        return true
    }

    /// Whether a response is thrown away, so that its operation is repeated after the kill, as it is if the server is killed between
    /// commit and response: a kill alone hits that moment too rarely to show that the repeat is answered from the store.
    private func discards() -> Bool {
        guard kind == .retry, begun.isMultiple(of: 10), discarded != begun else { return false }
        discarded = begun
        return true
    }

    private func attempt(_ client: HTTPClient, _ headers: [(String, String)]) async -> JSONValue? {
        switch kind {
        case .post: await send(client, "POST", "/updates", body("\(begun)"), headers)
        case .edit: await send(client, "PATCH", "/updates/\(target)", body("\(begun)"), headers)
        case .react: await send(client, "POST", "/updates/\(target)/reactions/veryGood", "", headers)
        case .batch:
            await send(
                client, "POST", "/updates",
                "[\((0..<Self.batchSize).map { body("\(begun)/\($0)") }.joined(separator: ","))]", headers)
        case .retry:
            await send(
                client, "POST", "/updates", body("\(begun)"),
                headers + [("Idempotency-Key", "\(number)-\(begun)")])
        }
    }

    static let batchSize = 3

    private func body(_ text: String) -> String { #"{"body": "\#(kind) \#(number) \#(text)"}"# }

    /// The response body; `nil` without a successful response, as when the server is killed.
    private func send(
        _ client: HTTPClient, _ method: String, _ path: String, _ body: String, _ headers: [(String, String)]
    ) async -> JSONValue? {
        guard
            let reply = try? await client.request(
                Method(rawValue: method), "/stories/\(story)\(path)", headers: headers,
                body: Array(body.utf8)),
            (200..<300).contains(reply.status)
        else { return nil }
        if reply.headers.contains(where: { $0.0.lowercased() == "idempotency-replayed" }) { replays += 1 }
        return try? JSONValue(parsing: reply.body)
    }

    // MARK: Invariants

    /// Compares the story with this writer's records; `bodies` are those of all updates, by id.
    func errors(_ bodies: [String: String], reactions: JSONValue) -> [String] {
        var errors = ids.subtracting(bodies.keys).map { "\(kind) \(number): \($0) is lost" }
        let mine = bodies.values.filter { $0.hasPrefix("\(kind) \(number) ") }
        if Set(mine).count != mine.count { errors.append("\(kind) \(number): something was done twice") }
        switch kind {
        case .post, .retry:
            let most = kind == .post ? acknowledged + unanswered : begun
            if !(acknowledged...most).contains(mine.count) {
                errors.append("\(kind) \(number): \(mine.count) updates, \(acknowledged) to \(most) expected")
            }
        case .batch:
            let batches = Dictionary(grouping: mine) { $0.split(separator: "/")[0] }
            for batch in batches where batch.value.count != Self.batchSize {
                errors.append("\(batch.key): \(batch.value.count) of \(Self.batchSize)")
            }
        case .edit:
            let shown = bodies[target]?.split(separator: " ").last.flatMap { Int($0) }
            if !(lastEdit...begun).contains(shown ?? -1) {
                errors.append("edit \(number): shows \(shown ?? -1), not \(lastEdit) to \(begun)")
            }
        case .react:
            let count = reactions["updates"]?[target]?["veryGood"]?.integer ?? 0
            if !(acknowledged...(acknowledged + unanswered)).contains(count) {
                errors.append(
                    "react \(number): \(count), not \(acknowledged) to \(acknowledged + unanswered)")
            }
        }
        return errors
    }
}
