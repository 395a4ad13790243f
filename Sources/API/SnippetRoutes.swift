// SPDX-License-Identifier: Apache-2.0
internal import HTTP
public import JSON
public import Stories

extension Endpoints {
    /// The snippets of the site, for those who write.
    mutating func addSnippets() {
        let store = store
        on(.get, "/snippets", .key) { call in .snippets(try await store.snippets(access: call.access)) }
        on(.put, "/snippets", .key) { call in
            try call.access.requireSnippets()
            let precondition = try EntityTag.precondition(of: call.request)
            let input = try SnippetsInput(body: call.request.json(), requiring: "snippets")
            return .snippets(
                try await store.replaceSnippets(
                    with: input.snippets, if: precondition, access: call.access))
        }
    }
}

extension Response {
    fileprivate static func snippets(_ snippets: Versioned<[Snippet]>) -> Response {
        .json(
            SnippetList(snippets: snippets.value), capacity: 4 * 1_024,
            headers: [.etag: EntityTag.text(snippets.version)])
    }
}

private struct SnippetsInput: BodyPatch {
    var snippets: [Snippet] = []

    mutating func read(_ reader: inout JSONObjectDecoder) {
        let found = reader.objects("snippets") { item in
            Snippet(name: item.requiredText("name"), text: item.requiredText("text"))
        }
        snippets = found.given ?? []
    }

    func errors(at base: String) -> [ValidationError] { Snippet.errors(in: snippets, at: base + "/snippets") }
}

/// The list as it is answered.
struct SnippetList: JSONWritable {
    let snippets: [Snippet]

    func write(to writer: inout JSONWriter) {
        writer.object { $0.member("snippets", snippets) }
    }
}

extension Snippet: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("name", name)
            $0.member("text", text)
        }
    }
}
