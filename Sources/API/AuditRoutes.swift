// SPDX-License-Identifier: Apache-2.0
internal import HTTP
public import JSON
public import Stories

extension Endpoints {
    /// `GET /audit`: the audit trail, for admins.
    mutating func addAudit() {
        let store = store
        on(.get, "/audit", .key, parameters: ["story", "update", "key", "action", "limit", "before"]) {
            call in
            let request = try AuditRequest(Parameters(request: call.request))
            let trail = try await store.auditTrail(request.query, access: call.access)
            return .json(AuditAnswer(trail: trail, request: request), capacity: 16 * 1_024)
        }
    }
}

private struct AuditRequest {
    let query: AuditQuery

    init(_ parameters: Parameters) throws(Problem) {
        query = AuditQuery(
            story: try parameters.identifier("story"), update: try parameters.identifier("update"),
            key: try parameters.text("key"), action: try parameters.choice("action"),
            limit: try parameters.limit(),
            before: try parameters.position("before") { text in Int64(text).flatMap { $0 > 0 ? $0 : nil } })
    }

    func address(before number: Int64) -> String {
        var address = QueryBuilder()
        address.add("story", query.story?.description)
        address.add("update", query.update?.description)
        address.add("key", query.key)
        address.add("action", query.action?.rawValue)
        address.add("limit", query.limit == Limits.defaultPageSize ? nil : String(query.limit))
        address.add("before", String(number))
        return "/audit" + address.text
    }
}

private struct AuditAnswer: JSONWritable {
    let trail: AuditTrail
    let request: AuditRequest

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("entries", trail.entries)
            $0.member("older", trail.older.map { request.address(before: $0) })
        }
    }
}

extension AuditEntry: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("number", Int(number))
            $0.member("at", at)
            $0.members(of: actor)
            $0.member("action", action)
            $0.member("story", story)
            $0.member("update", update)
            $0.member("seq", seq)
            $0.member("members", members)
            $0.member("detail", detail)
        }
    }
}

extension JSONWriter {
    /// Writes who did something: the public part of the key, and its name.
    mutating func members(of principal: Principal) {
        member("key", principal.key)
        member("name", principal.name)
    }
}
