// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Stories

extension Endpoints {
    /// `GET /stories/{story}/drafts`: updates that are not published.
    mutating func addDrafts() {
        let store = store
        on(.get, "/stories/{story}/drafts", .key, parameters: ["limit", "before"]) { call in
            let (reference, parameters) = (try call.story, Parameters(request: call.request))
            let limit = try parameters.limit()
            let before = try parameters.position("before") { Identifier($0) }
            let list = try await store.drafts(
                of: reference, limit: limit, before: before, access: call.access)
            let older = list.older.map { position in
                var address = QueryBuilder()
                address.add("limit", limit == Limits.defaultPageSize ? nil : String(limit))
                address.add("before", position.description)
                return "/stories/\(reference)/drafts" + address.text
            }
            return .json(DraftsAnswer(drafts: list.drafts, older: older), capacity: 16 * 1_024)
        }
    }
}

private struct DraftsAnswer: JSONWritable {
    let drafts: [Draft]
    let older: String?

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("drafts", drafts.map(EditorUpdate.draft))
            $0.member("older", older)
        }
    }
}
