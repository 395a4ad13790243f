// SPDX-License-Identifier: Apache-2.0
import HTTP
import Testing

/// Error responses and their texts.
@Suite("Refusals")
struct RefusalTests {
    @Test("Invalid input is named in the error", arguments: input + bodies)
    func badInput(row: Row) async throws { try await row.check() }

    @Test("Missing resources, wrong methods, types and preconditions are refused", arguments: protocolRows)
    func protocolErrors(row: Row) async throws { try await row.check() }

    /// Normalizing these takes so long that one request would block all others.
    private static let marks =
        String(repeating: "\u{301}", count: 100_000) + String(repeating: "\u{316}", count: 100_000)
    private static let deep = String(repeating: "- ", count: 33) + "x"
    private static let quotes = String(
        repeating: String(repeating: "> ", count: 16) + "a\n\n", count: 1_800)
    private static let new = "POST /stories"
    private static let post = "POST /stories/harbour/updates"

    private static let input = [
        Row(
            "malformed JSON, with its position", Call(new, "{\n  \"title\": \"x\",\n}"), 400,
            "line 3, column 1"),
        Row("an empty body", Call(new, bytes: []), 400, "empty"),
        Row("a repeated member", Call(new, #"{"title": "a", "title": "b"}"#), 400, "stands twice"),
        Row("JSON nested too deep", Call(new, String(repeating: "[", count: 70)), 400, "nested deeper"),
        Row(
            "invalid UTF-8 in JSON", Call(new, bytes: [0x22, 0xFF, 0x22]), 400,
            "not valid UTF-8 (line 1, column 2)"),
        Row("invalid UTF-8 in text", Call(post, bytes: [0xC3], type: "text/plain"), 400, "UTF-8"),
        Row("invalid UTF-8 in a page", Call("POST /import", bytes: [0xC3], type: "text/plain"), 400, "UTF-8"),
        Row(
            "a blank page", Call("POST /import", "  \n", type: "text/plain"), 400,
            "the page is empty"),
        Row("a lone surrogate", Call(new, #"{"title": "\ud800"}"#), 400, "surrogate"),
        Row(
            "a body that is not an object", Call(new, "[1]"), 422, #""pointer":"""#,
            "must be an object, not an array"),
        Row(
            "a wrong type", Call(new, #"{"title": 5}"#), 422,
            #""pointer":"/title","detail":"must be a string, not a number""#),
        Row("a missing member", Call(new, "{}"), 422, #""pointer":"/title","detail":"is required""#),
        Row(
            "an unknown member, with a suggestion", Call(new, #"{"titel": "x", "title": "x"}"#), 422,
            #"did you mean \"title\"?"#),
        Row(
            "null for a required member", Call("PATCH /stories/harbour", #"{"title": null}"#), 422,
            "/title"),
        Row("NUL", Call(new, #"{"title": "a\u0000b"}"#), 422, "/title", "control characters"),
        Row("NUL in a body", Call(post, #"{"body": "a\u0000b"}"#), 422, "/body", "NUL"),
        Row("a blank text", Call(post, #"{"body": " \n"}"#), 422, "/body", "blank"),
        Row(
            "lists nested too deep", Call(post, deep, type: "text/markdown"), 422, #""pointer":"/body""#,
            "at most 32 deep, unlike line 1"),
        Row(
            "the same in a preview", Call("POST /preview", deep, type: "text/markdown"), 422, "/body",
            "line 1"),
        Row(
            "the same in a change, and in a draft",
            Call(
                "PATCH /stories/harbour/updates/<harbourUpdate>", #"{"body": "\#(deep)", "state": "draft"}"#),
            422, "/body", "line 1"),
        Row("the same in a batch", Call(post, #"[{"body": "\#(deep)"}]"#), 422, "/0/body", "line 1"),
        Row(
            "the same in an import",
            Call(
                "POST /import",
                #"{"wireroom": 1, "story": {"title": "x"}, "updates": [{"body": "\#(deep)"}]}"#),
            422, "/updates/0/body", "line 1"),
        Row(
            "a body that is too large as HTML", Call("POST /preview", quotes, type: "text/markdown"), 422,
            #""pointer":"/body""#, "must be at most 262144 bytes long as HTML"),
        Row(
            "a huge number",
            Call(
                post, #"{"body": "x", "media": [{"type": "image", "url": "https://a.b/", "width": 1e400}]}"#),
            422,
            "/media/0/width"),
        Row(
            "a number too large",
            Call(
                post, #"{"body": "x", "media": [{"type": "image", "url": "https://a.b/", "width": 100001}]}"#),
            422, "/media/0/width", "from 1 to 100000"),
        Row(
            "half of a focus",
            Call(
                post,
                #"{"body": "x", "media": [{"type": "image", "url": "https://a.b/", "focus": {"x": 101}}]}"#),
            422, "/media/0/focus/y", "is required", "/media/0/focus/x", "from 0 to 100 percent"),
        Row(
            "a picture that was not uploaded",
            Call(
                post,
                #"{"body": "x", "media": [{"type": "image", "url": "/media/00000000-0000-8000-8000-000000000000"}]}"#
            ),
            422, "/media/0/url", "does not name a picture that was uploaded here"),
        Row(
            "an image of a story without an address",
            Call("PATCH /stories/harbour", #"{"image": {"alt": "x"}}"#),
            422, "/image/url", "is required"),
        Row(
            "an image of a story with half of a focus",
            Call(new, #"{"title": "x", "image": {"url": "https://a.b/", "focus": {"y": 1}}}"#), 422,
            "/image/focus/x", "is required"),
        Row(
            "a picture that was not uploaded, in an import",
            Call(
                "POST /import",
                #"{"wireroom": 1, "story": {"title": "x", "image": {"url": "/media/00000000-0000-8000-8000-000000000000"}}}"#
            ),
            422, "/story/image/url"),
        Row(
            "a javascript: URL",
            Call("PUT /stories/harbour/links/related", #"[{"title": "a", "url": "javascript:alert(1)"}]"#),
            422, "/0/url"),
        Row(
            "a link to an unknown story",
            Call(
                "PUT /stories/harbour/links/related",
                #"[{"title": "a", "story": "00000000-0000-7000-8000-000000000000"}]"#),
            422, "/0/story"),
        Row("a bad status", Call(new, #"{"title": "x", "status": "Live"}"#), 422, "/status", "draft"),
        Row("a bad slug", Call(new, #"{"title": "x", "slug": "A B"}"#), 422, "/slug", "lower-case"),
        Row(
            "a slug shaped like an id",
            Call(new, #"{"title": "x", "slug": "01234567-89ab-7def-8123-456789abcdef"}"#), 422, "/slug"),
        Row(
            "a bad time", Call(new, #"{"title": "x", "coverageStart": "2026-02-30T00:00:00Z"}"#), 422,
            "/coverageStart", "RFC 3339"),
        Row(
            "contradictory times",
            Call(
                new,
                #"{"title": "x", "coverageStart": "2026-02-02T00:00:00Z", "coverageEnd": "2026-02-01T00:00:00Z"}"#
            ),
            422, "/coverageEnd"),
        Row(
            "all errors at once",
            Call(new, #"{"title": "", "tags": ["a", " "], "colour": 1, "source": {"url": "x"}}"#), 422,
            "/title", "/tags/1", "/colour", "/source/name", "/source/url"),
        Row(
            "a count that is too large",
            Call(
                "POST /import",
                #"{"wireroom": 1, "story": {"title": "x", "reactions": {"veryGood": 9223372036854775807}}}"#),
            422, "/story/reactions"),
        Row(
            "a name of many combining marks, which must not be normalized",
            Call("POST /stories/none/reactions/veryGood", "{\"a\(marks)\": 1}", key: ""), 422,
            "is not a known member"),
        Row(
            "a retraction without its time",
            Call(
                "POST /import",
                #"{"wireroom": 1, "story": {"title": "x"}, "updates": [{"body": "x", "stricken": {"reason": "y", "at": null}}]}"#
            ), 422, "/updates/0/stricken/at must be a string, not null"),
        Row(
            "an unknown export version", Call("POST /import", #"{"wireroom": 9, "story": {"title": "x"}}"#),
            422, "/wireroom"),
        Row(
            "a slug that contradicts the path",
            Call("PUT /stories/bridge", #"{"title": "x", "slug": "other"}"#), 422, "/slug"),
    ]

    /// Exceeded limits and invalid query parameters.
    private static let bodies = [
        Row(
            "a title too long", Call(new, #"{"title": "\#(String(repeating: "é", count: 301))"}"#), 422,
            "/title", "300"),
        Row(
            "a body too long", Call(post, String(repeating: "x", count: 65_537), type: "text/plain"), 422,
            "/body", "65536"),
        Row(
            "too many key points", Call(new, #"{"title": "x", "keyPoints": \#(list(21))}"#), 422,
            "/keyPoints", "20"),
        Row("too many tags", Call(new, #"{"title": "x", "tags": \#(list(21))}"#), 422, "/tags", "20"),
        Row(
            "too many links",
            Call(
                "PUT /stories/harbour/links/related",
                "[" + Array(repeating: #"{"title": "a"}"#, count: 51).joined(separator: ",") + "]"),
            422, "50"),
        Row("a limit of 0", Call("GET /stories?limit=0", key: ""), 400, "/limit"),
        Row("a limit of 201", Call("GET /stories/harbour/updates?limit=201", key: ""), 400, "/limit"),
        Row("a limit given twice", Call("GET /stories?limit=1&limit=2", key: ""), 400, "/limit", "once"),
        Row("a wrong only", Call("GET /stories/harbour/updates?only=keys", key: ""), 400, "/only"),
        Row("a wrong order", Call("GET /stories/harbour/updates?order=up", key: ""), 400, "newest, oldest"),
        Row("a wrong before", Call("GET /stories/harbour/updates?before=x", key: ""), 400, "/before"),
        Row(
            "a cursor that cannot be read", Call("GET /stories/harbour/updates?cursor=x", key: ""), 400,
            "/problems/bad-cursor"),
        Row(
            "an empty cursor", Call("GET /stories/harbour/updates?cursor=", key: ""), 400,
            "/problems/bad-cursor"),
        Row(
            "a cursor of another epoch",
            Call("GET /stories/harbour/updates?only=key&cursor=0123456789abcdef-1", key: ""), 410,
            "/problems/cursor-expired", #""snapshot":"/stories/harbour/updates?only=key""#),
        Row(
            "a cursor from the future", Call("GET /stories/harbour/updates?cursor=<now>9", key: ""),
            410, "snapshot"),
    ]

    private static let protocolRows = [
        Row("no such path", Call("GET /storys", key: ""), 404, "not-found"),
        Row("an extra slash on an unknown path", Call("GET /none/", key: ""), 404, "not-found"),
        Row("no such story", Call("GET /stories/none", key: ""), 404, "no such story"),
        Row("an invalid slug", Call("GET /stories/No_Such", key: ""), 404, "no such story"),
        Row("an invalid id", Call("GET /stories/harbour/updates/1", key: ""), 404, "no such update"),
        Row(
            "an update of another story", Call("GET /stories/harbour/updates/<secretUpdate>"), 404,
            "no such update"),
        Row("no such list", Call("PUT /stories/harbour/links/friends", "[]"), 404, "list of links"),
        Row(
            "no such reaction", Call("POST /stories/harbour/reactions/meh", key: ""), 404, "kind of reaction"),
        Row("an unsupported method", Call("DELETE /stories"), 405, "method-not-allowed"),
        Row(
            "an unsupported type", Call(new, "title=x", type: "application/x-www-form-urlencoded"), 415,
            "application/json"),
        Row("no type", Call(new, "{}", type: ""), 415, "Content-Type"),
        Row("another character set", Call(post, "x", type: "text/plain; charset=latin1"), 415, "UTF-8"),
        Row(
            "an unavailable representation",
            Call("GET /stories", key: "", headers: [(.accept, "text/html, application/json;q=0")]), 406,
            "application/json"),
        Row("a slug that is taken", Call(new, #"{"title": "x", "slug": "harbour"}"#), 409, #"\"harbour\""#),
        Row(
            "a stale story",
            Call(
                "PATCH /stories/harbour", #"{"title": "x"}"#, headers: [(.ifMatch, #""0123456789abcdef-1""#)]),
            412,
            "precondition-failed"),
        Row(
            "a weak tag", Call("DELETE /stories/harbour", headers: [(.ifMatch, "W/<harbourETag>")]), 412,
            "precondition-failed"),
        Row(
            "a stale update",
            Call("DELETE /stories/harbour/updates/<harbourUpdate>", headers: [(.ifMatch, #""x", "y""#)]), 412,
            "precondition-failed"),
        Row(
            "stale links", Call("PUT /stories/harbour/links/ranking", "[]", headers: [(.ifMatch, #""x""#)]),
            412, "precondition-failed"),
        Row(
            "a story that exists already",
            Call("PUT /stories/harbour", #"{"title": "x"}"#, headers: [(.ifNoneMatch, "*")]), 412,
            "precondition-failed"),
        Row(
            "contradictory preconditions",
            Call(
                "PUT /stories/harbour", #"{"title": "x"}"#,
                headers: [(.ifMatch, "<harbourETag>"), (.ifNoneMatch, "*")]), 412, "precondition-failed"),
        Row(
            "If-None-Match with a tag, beside If-Match",
            Call(
                "PUT /stories/harbour", #"{"title": "x"}"#,
                headers: [(.ifMatch, "<harbourETag>"), (.ifNoneMatch, #""x""#)]), 400, "takes only *"),
        Row(
            "a tag without quotes", Call("DELETE /stories/harbour", headers: [(.ifMatch, "x")]), 400,
            "double quotes"),
        Row(
            "tags without a comma", Call("DELETE /stories/harbour", headers: [(.ifMatch, #""x" "y""#)]), 400,
            "double quotes"),
        Row(
            "an unterminated tag", Call("DELETE /stories/harbour", headers: [(.ifMatch, #""x", ""#)]), 400,
            "double quotes"),
        Row(
            "a tag with a space in it", Call("DELETE /stories/harbour", headers: [(.ifMatch, #""x y""#)]),
            400,
            "double quotes"),
        Row(
            "a tag with a comma in it", Call("DELETE /stories/harbour", headers: [(.ifMatch, #""x,y""#)]),
            412,
            "precondition-failed"),
        Row("no tag", Call("DELETE /stories/harbour", headers: [(.ifMatch, "")]), 412, "precondition-failed"),
        Row("invalid percent-encoding", Call("GET /stories/%zz", key: ""), 400, "percent-encoding"),
    ]

    private static func list(_ count: Int) -> String {
        "[" + (0..<count).map { "\"\($0)\"" }.joined(separator: ",") + "]"
    }
}
