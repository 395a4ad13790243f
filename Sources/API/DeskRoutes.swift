// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Stories

extension Endpoints {
    /// Routes for the desk: the grant of a key, and rendered Markdown as a preview. `mediaBytes`: the largest upload of a picture; `nil` if
    /// none can be uploaded.
    mutating func addDesk(_ renderer: UpdateRenderer, mediaBytes: Int?) {
        on(.get, "/key", .key) { call in
            .json(KeyAnswer(grant: try call.access.requireKey(), mediaBytes: mediaBytes))
        }
        on(.post, "/preview", .key) { call in
            let type = try call.request.requireBody(of: "text/markdown", "text/plain")
            var patch = UpdatePatch()
            let text = try call.request.text()
            let body = type == "text/plain" ? PlainBody.markdown(text) : text  // ascii: one of these two
            patch.body = .set(body)
            let errors = patch.errors()
            guard errors.isEmpty else { throw Problem(errors: errors) }
            let html = try await renderer.html(of: body)
            return .json(PreviewAnswer(html: html))
        }
    }
}

private struct KeyAnswer: JSONWritable {
    let grant: Grant
    let mediaBytes: Int?

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.members(of: grant.actor)
            $0.member("role", grant.role.rawValue)
            $0.member("stories", grant.stories?.sorted())
            $0.member("mediaBytes", mediaBytes)
        }
    }
}

private struct PreviewAnswer: JSONWritable {
    let html: String

    func write(to writer: inout JSONWriter) {
        writer.object { $0.member("bodyHtml", html) }
    }
}
