// SPDX-License-Identifier: Apache-2.0
import HTTP
import Testing

/// Successful requests.
@Suite("Routes")
struct RouteTests {
    @Test("A valid request is answered according to the contract", arguments: rows)
    func good(row: Row) async throws { try await row.check() }

    @Test("A merge patch of one member of the source leaves the others")
    func sourcePatch() async throws {
        let desk = try await TestDesk()
        let whole = #"{"source": {"name": "A", "url": "https://a.org/"}}"#
        _ = try await desk.send(Call("PATCH /stories/harbour", whole))
        let patched = try await desk.send(Call("PATCH /stories/harbour", #"{"source": {"name": "B"}}"#))
        #expect(String(decoding: patched.body, as: UTF8.self).contains(#""name":"B","url":"https://a.org/""#))
    }

    private static let rows = [
        Row(
            "stories are listed, drafts only for those who may see them", Call("GET /stories", key: ""), 200,
            #""slug":"harbour""#, #""older":null"#, lacks: ["secret"]),
        Row(
            "a listed story has the time of its last change", Call("GET /stories", key: ""), 200,
            #""activeAt":"20"#),
        Row("a key holder sees drafts in the list", Call("GET /stories"), 200, #""slug":"secret""#),
        Row(
            "stories are listed by status", Call("GET /stories?status=closed", key: ""), 200, #""stories":[]"#
        ),
        Row("stories are listed by tag", Call("GET /stories?tag=none", key: ""), 200, #""stories":[]"#),
        Row(
            "a page of stories links to the next one", Call("GET /stories?limit=1"), 200,
            #""older":"/stories?limit=1&before="#),
        Row(
            "a story is found by slug", Call("GET /stories/harbour", key: ""), 200, #""id":"<harbour>""#,
            #""reactions":{}"#),
        Row("a story is found by id", Call("GET /stories/<harbour>", key: ""), 200, #""slug":"harbour""#),
        Row(
            "a story is created with defaults", Call("POST /stories", #"{"title": "Über die Brücke"}"#), 201,
            #""slug":"uber-die-brucke""#, #""status":"live""#, #""section":[]"#, #""summary":null"#,
            #""seq":1"#),
        Row(
            "a slug collision is resolved by a number", Call("POST /stories", #"{"title": "Harbour"}"#),
            201,
            #""slug":"harbour-2""#),
        Row(
            "a title in another script gets a generic slug", Call("POST /stories", #"{"title": "海の嵐"}"#), 201,
            #""slug":"story""#),
        Row("PUT creates", Call("PUT /stories/bridge", #"{"title": "Bridge"}"#), 201, #""slug":"bridge""#),
        Row(
            "PUT replaces the story and keeps its id",
            Call("PUT /stories/harbour", #"{"title": "New", "byline": "Ada"}"#), 200, #""byline":"Ada""#,
            #""id":"<harbour>""#),
        Row(
            "PUT with If-None-Match: * creates",
            Call("PUT /stories/bridge", #"{"title": "B"}"#, headers: [(.ifNoneMatch, "*")]),
            201, "bridge"),
        Row(
            "a merge patch sets only its members", Call("PATCH /stories/harbour", #"{"byline": "Ada"}"#), 200,
            #""byline":"Ada""#, #""title":"Story harbour""#),
        Row(
            "application/merge-patch+json is accepted",
            Call("PATCH /stories/harbour", #"{"summary": null}"#, type: "application/merge-patch+json"), 200,
            #""summary":null"#),
        Row(
            "If-Match with the current tag succeeds",
            Call("PATCH /stories/harbour", #"{"byline": "Ada"}"#, headers: [(.ifMatch, "<harbourETag>")]),
            200, "Ada"),
        Row(
            "the current tag may be in a list, also after a tag with a comma",
            Call(
                "PATCH /stories/harbour", #"{"byline": "Ada"}"#,
                headers: [(.ifMatch, #", "x,y" ,<harbourETag>,"#)]), 200, "Ada"),
        Row(
            "If-Match: * succeeds",
            Call("PATCH /stories/harbour", #"{"byline": "Ada"}"#, headers: [(.ifMatch, "*")]), 200, "Ada"),
        Row("an admin deletes a story", Call("DELETE /stories/harbour"), 204),
        Row(
            "the snapshot has story, updates and cursor", Call("GET /stories/harbour/updates", key: ""), 200,
            #""bodyHtml":"<p>Words of harbour</p>\n""#, #""cursor":"<now>""#, #""pollAfter":10"#,
            #""pinned":[]"#, #""older":null"#),
        Row(
            "the delta after now is empty", Call("GET /stories/harbour/updates?cursor=<now>", key: ""), 200,
            #""changes":[]"#, #""cursor":"<now>""#, #""more":false"#, #""status":"live""#),
        Row(
            "an unknown query parameter is ignored", Call("GET /stories/harbour/updates?_=17", key: ""),
            200, "cursor"),
        Row(
            "an update is posted as JSON",
            Call(
                "POST /stories/harbour/updates",
                #"{"body": "*Hi*", "keyEvent": true, "media": [{"type": "image", "url": "https://example.org/a.jpg", "width": 10}]}"#
            ),
            201, #""bodyHtml":"<p><em>Hi</em></p>\n""#, #""keyEvent":true"#, #""width":10"#, #""alt":null"#,
            #""stricken":null"#),
        Row(
            "a medium has a focus, and a colour only from the server",
            Call(
                "POST /stories/harbour/updates",
                #"{"body": "x", "media": [{"type": "image", "url": "https://a.b/", "focus": {"x": 0, "y": 100}, "color": 7}]}"#
            ),
            201, #""focus":{"x":0,"y":100},"color":null"#),
        Row(
            "a story has an image",
            Call(
                "PATCH /stories/harbour",
                #"{"image": {"url": "https://a.b/c.jpg", "alt": "A bridge", "width": 3, "color": 7}}"#),
            200,
            #""image":{"url":"https://a.b/c.jpg","alt":"A bridge","caption":null,"credit":null,"width":3,"height":null,"focus":null,"color":null,"animated":null}"#
        ),
        Row(
            "an update is posted as Markdown",
            Call("POST /stories/harbour/updates", "# Hi", type: "text/markdown; charset=utf-8"), 201,
            "<h4>Hi</h4>"),
        Row(
            "an update is posted as text", Call("POST /stories/harbour/updates", "Hi", type: "text/plain"),
            201, "<p>Hi</p>"),
        Row(
            "raw HTML and script URLs are not rendered",
            Call(
                "POST /stories/harbour/updates",
                #"{"body": "<b onclick=y>alert(1)</b> [x](javascript:alert(1)) <img src=x onerror=y>"}"#),
            201, lacks: [#"<p><b "#, #"href=\"javascript"#, #"<p><img"#]),
        Row(
            "an update is read", Call("GET /stories/harbour/updates/<harbourUpdate>", key: ""), 200,
            "Words of harbour"),
        Row(
            "an update is edited",
            Call("PATCH /stories/harbour/updates/<harbourUpdate>", #"{"body": "Other"}"#), 200,
            #""edited":true"#, "<p>Other</p>"),
        Row(
            "pinning does not mark an update as edited",
            Call("PATCH /stories/harbour/updates/<harbourUpdate>", #"{"pinned": true}"#), 200,
            #""edited":false"#, #""pinned":true"#),
        Row(
            "an update is deleted",
            Call(
                "DELETE /stories/harbour/updates/<harbourUpdate>",
                headers: [(.ifMatch, "<harbourUpdateETag>")]), 204),
        Row(
            "a source is returned with all its members",
            Call(
                "PUT /stories/harbour", #"{"title": "x", "source": {"name": "A", "url": "https://a.org/"}}"#),
            200,
            #""source":{"name":"A","url":"https://a.org/","date":null}"#),
        Row("links are read", Call("GET /stories/harbour/links", key: ""), 200, #""ranking":[]"#),
        Row(
            "links are replaced",
            Call(
                "PUT /stories/harbour/links/related",
                #"[{"title": "A", "story": "<harbour>"}, {"title": "B", "url": "https://example.org/"}]"#),
            200, #""story":"<harbour>""#, #""url":"https://example.org/""#),
        Row(
            "reactions are read", Call("GET /stories/harbour/reactions", key: ""), 200,
            #"{"story":{},"updates":{}}"#),
        Row(
            "a reaction is counted", Call("POST /stories/harbour/reactions/veryGood", key: ""), 200,
            #"{"kind":"veryGood","count":1,"counted":true}"#),
        Row(
            "a reaction to an update is counted",
            Call("POST /stories/harbour/updates/<harbourUpdate>/reactions/veryGood", "{}", key: ""), 200,
            #""count":1"#),
        Row(
            "an export is in the import format", Call("GET /stories/harbour/export"), 200, #""wireroom":1"#,
            #""id":"<harbourUpdate>""#),
        Row(
            "a tab in the title of a page becomes a space",
            Call("POST /import", "A\ttitle\n___\nText.", type: "text/plain"), 201, #""title":"A title""#),
        Row(
            "a page is imported",
            Call("POST /import?slug=page&status=draft", "A title\n___\nText.", type: "text/plain"), 201,
            #""slug":"page""#, #""status":"draft""#, #""updates":1"#),
        Row("the liveness probe succeeds", Call("GET /healthz", key: ""), 200, "ok"),
        Row("the readiness probe succeeds", Call("GET /readyz", key: ""), 200, "ready"),
        Row(
            "metrics are served", Call("GET /metrics", key: ""), 200,
            "# TYPE wireroom_http_responses_total counter"),
        Row("openapi.yaml is served", Call("GET /openapi.yaml", key: ""), 200, "openapi: \"3.1"),
    ]
}
