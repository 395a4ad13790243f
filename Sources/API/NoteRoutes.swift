// SPDX-License-Identifier: Apache-2.0
internal import HTTP
public import JSON
public import Stories

extension Endpoints {
    /// Notes of a story for its editors, with the earlier ones.
    mutating func addNotes() {
        let store = store
        on(.get, "/stories/{story}/note", .key) { call in
            let notes = try await store.notes(of: try call.story, access: call.access)
            return .digested(NotesAnswer(notes: notes), to: call.request)
        }
        on(.put, "/stories/{story}/note", .key) { call in
            let reference = try call.story
            let text = try call.noteText
            let notes = try await store.writeNote(text, to: reference, access: call.access)
            return .json(NotesAnswer(notes: notes))
        }
    }
}

extension Call {
    /// The text in the body, `{"text": "…"}`; null and a blank one are empty.
    fileprivate var noteText: String {
        get throws(Problem) {
            var decoder = JSONObjectDecoder(try request.json(), at: "")
            decoder.require("text")
            let given: String? =
                decoder.nullableMember("text", "a string", rule: "must be a string", \.text).given ?? nil
            let text = given.map { $0.isBlank ? "" : $0 } ?? ""
            decoder.add(StoryNote.errors(in: text))
            let errors = decoder.finish()
            guard errors.isEmpty else { throw Problem(errors: errors) }
            return text
        }
    }
}

/// The note that holds, and the earlier ones.
private struct NotesAnswer: JSONWritable {
    let notes: [StoryNote]

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("note", notes.first.flatMap { $0.text.isEmpty ? nil : $0 })
            $0.member("earlier", Array(notes.dropFirst()))
        }
    }
}

extension StoryNote: JSONWritable {
    /// Writes its JSON form; an empty text is null.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("text", text.isEmpty ? nil : text)
            $0.member("at", at)
            $0.member("by", author.name)
        }
    }
}
