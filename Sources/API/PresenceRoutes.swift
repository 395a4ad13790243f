// SPDX-License-Identifier: Apache-2.0
internal import HTTP
public import JSON
public import Stories

extension Endpoints {
    /// Who has the form of an update open, for its editors.
    mutating func addPresences() {
        let (store, presence) = (store, "/stories/{story}/updates/{update}/presences/{name}")
        on(.put, presence, .key) { call in
            let editing = try await store.announcePresence(
                try call.name(of: .presence), at: try call.update, of: try call.story, access: call.access)
            return .json(editing)
        }
        on(.delete, presence, .key) { call in
            try await store.endPresence(
                try call.name(of: .presence), at: try call.update, of: try call.story, access: call.access)
            return Response(.noContent)
        }
    }
}

extension UpdateEditing: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("others", others)
            writer.member("modifiedAt", modifiedAt)
            writer.member("modifiedBy", modifiedBy?.name)
        }
    }
}

extension Presence: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.members(of: editor)
            $0.member("since", since)
            $0.member("seenAt", seenAt)
        }
    }
}
