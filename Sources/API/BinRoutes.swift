// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Stories

extension Endpoints {
    /// Routes to list and to restore deleted updates.
    mutating func addBin(keptFor time: BinTime) {
        let store = store
        on(.get, "/stories/{story}/bin", .key, parameters: ["limit", "before"]) { call in
            let (reference, parameters) = (try call.story, Parameters(request: call.request))
            let limit = try parameters.limit()
            let before = try parameters.position("before") { BinPosition($0) }
            let page = try await store.bin(of: reference, limit: limit, before: before, access: call.access)
            let older = page.older.map { position in
                var address = QueryBuilder()
                address.add("limit", limit == Limits.defaultPageSize ? nil : String(limit))
                address.add("before", position.description)
                return "/stories/\(reference)/bin" + address.text
            }
            let entries = page.updates.map { BinEntry(binned: $0, keptUntil: time.end(of: $0.deletedAt)) }
            return .json(BinAnswer(updates: entries, older: older), capacity: 16 * 1_024)
        }
        on(.post, "/stories/{story}/updates/{update}/restore", .key) { call in
            let (reference, id) = (try call.story, try call.update)
            let precondition = try EntityTag.precondition(of: call.request)
            return try await call.perform(answering: { .written($0) }) { idempotency in
                try await store.restoreUpdate(
                    id, of: reference, if: precondition, idempotency: idempotency, access: call.access)
            }
        }
    }
}

/// A deleted update with the time and the author of its deletion, and until when it is kept.
private struct BinEntry: JSONWritable {
    let binned: BinnedUpdate
    let keptUntil: Timestamp

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            binned.update.writeMembers(&writer)
            writer.member("deletedAt", binned.deletedAt)
            writer.member("deletedBy", binned.deletedBy.name)
            writer.member("keptUntil", keptUntil)
        }
    }
}

private struct BinAnswer: JSONWritable {
    let updates: [BinEntry]
    let older: String?

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("updates", updates)
            $0.member("older", older)
        }
    }
}
