// SPDX-License-Identifier: Apache-2.0
internal import HTTP
public import JSON
public import Stories

extension Endpoints {
    /// Autosaves of a story, each for the holder of its key.
    mutating func addAutosaves() {
        let store = store
        on(.get, "/stories/{story}/autosaves", .key) { call in
            let found = try await store.autosaves(of: try call.story, access: call.access)
            return .json(AutosavesAnswer(autosaves: found), capacity: 16 * 1_024)
        }
        on(.put, "/stories/{story}/autosaves/{name}", .key) { call in
            let (reference, name) = (try call.story, try call.name(of: .autosave))
            let precondition = try EntityTag.precondition(of: call.request)
            let input = try AutosaveInput(body: call.request.json(), requiring: "content")
            let saved = try await store.saveAutosave(
                name, of: reference, content: input.content, if: precondition, access: call.access)
            return .json(saved.value, headers: [.etag: EntityTag.text(saved.version)])
        }
        on(.delete, "/stories/{story}/autosaves/{name}", .key) { call in
            try await store.deleteAutosave(
                try call.name(of: .autosave), of: try call.story,
                if: try EntityTag.precondition(of: call.request), access: call.access)
            return Response(.noContent)
        }
    }
}

private struct AutosaveInput: BodyPatch {
    var content = ""

    mutating func read(_ reader: inout JSONObjectDecoder) {
        content = reader.text("content").given ?? ""
    }

    func errors(at base: String) -> [ValidationError] { Autosave.errors(ofContent: content) }
}

private struct AutosavesAnswer: JSONWritable {
    let autosaves: [Versioned<Autosave>]

    func write(to writer: inout JSONWriter) {
        writer.object { $0.member("autosaves", autosaves.map(Listed.init)) }
    }

    /// An autosave with its entity tag, which a list cannot have as a header.
    private struct Listed: JSONWritable {
        let autosave: Versioned<Autosave>

        func write(to writer: inout JSONWriter) {
            writer.object { writer in
                autosave.value.writeMembers(&writer)
                writer.member("etag", EntityTag.text(autosave.version))
            }
        }
    }
}

extension Autosave: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object { writeMembers(&$0) }
    }

    fileprivate func writeMembers(_ writer: inout JSONWriter) {
        writer.member("name", name)
        writer.member("content", content)
        writer.member("savedAt", savedAt)
    }
}
