// SPDX-License-Identifier: Apache-2.0
import HTTP

/// A request that fails, and its expected problem.
struct OpenAPIRefusal: Sendable {
    let method: HTTP.Method
    let template: String
    let path: String
    let status: Int
    let problem: String
    var body = ""
    var type = "application/json"
    var headers: Headers = [:]

    init(
        _ method: HTTP.Method, _ template: String, _ path: String, _ status: Int, _ problem: String,
        body: String = "", type: String = "application/json", headers: Headers = [:]
    ) {
        (self.method, self.template, self.path) = (method, template, path)
        (self.status, self.problem) = (status, problem)
        (self.body, self.type, self.headers) = (body, type, headers)
    }
}

extension OpenAPIRefusal {
    static let story = "/stories/harbour-bridge-reopens"
    private static let update = story + "/updates/019ceb36-3b8e-70b8-a6d3-f14c82e95b07"
    private static let unknown = "019ceb36-3b8e-70b8-a6d3-f14c82e95b08"
    private static let title = #"{"title":"a"}"#

    static let all = reads + storyWrites + updateWrites + otherWrites + media

    private static let picture = "/media/229d1db4-bc2d-857e-b06c-ad521c88b990"

    private static let media: [Self] = [
        .init(.post, "/media", "/media", 415, "unsupported-media-type", body: "drawing", type: "image/jpeg"),
        .init(.post, "/media", "/media", 422, "validation", body: "cut", type: "image/jpeg"),
        .init(.post, "/media", "/media", 400, "malformed-body", body: "a", type: "multipart/form-data"),
        .init(.post, "/media", "/media", 503, "busy", body: "busy", type: "image/jpeg"),
        .init(.post, "/media", "/media", 507, "storage-full", body: "full", type: "image/jpeg"),
        .init(.get, "/media/{media}", "/media/" + unknown, 404, "not-found"),
        .init(.get, "/media/{media}/metadata", "/media/\(unknown)/metadata", 404, "not-found"),
        .init(.get, "/media/{media}/{variant}", picture + "/1.webp", 404, "not-found"),
        .init(
            .get, "/media/{media}/{variant}", picture + "/640.webp", 416, "range-not-satisfiable",
            headers: [.range: "bytes=1000-"]),
        .init(
            .get, "/media/{media}", picture, 412, "precondition-failed", headers: [.ifMatch: "\"x\""]),
        .init(.delete, "/media/{media}", "/media/" + unknown, 404, "not-found"),
    ]

    private static let reads: [Self] = [
        .init(.get, "/stories", "/stories?limit=0", 400, "bad-parameter"),
        .init(.get, "/stories", "/stories?before=x", 400, "bad-parameter"),
        .init(.get, "/stories", "/stories?tag=a&tag=b", 400, "bad-parameter"),
        .init(.get, "/stories", "/stories?status=", 400, "bad-parameter"),
        .init(.get, "/stories", "/stories", 406, "not-acceptable", headers: [.accept: "text/html"]),
        .init(.get, "/stories/{story}", "/stories/none", 404, "not-found"),
        .init(.get, "/stories/{story}", "/stories/No%20slug", 404, "not-found"),
        .init(.get, "/stories/{story}/updates", story + "/updates?cursor=x", 400, "bad-cursor"),
        .init(
            .get, "/stories/{story}/updates", story + "/updates?cursor=0123456789abcdef-1", 410,
            "cursor-expired"),
        .init(
            .get, "/stories/{story}/updates", story + "/updates?before=0123456789abcdef-1.0." + unknown, 410,
            "cursor-expired"),
        .init(
            .get, "/stories/{story}/updates/{update}", story + "/updates/" + unknown, 404, "not-found"),
        .init(.get, "/stories/{story}/links", "/stories/none/links", 404, "not-found"),
        .init(.get, "/stories/{story}/reactions", "/stories/none/reactions", 404, "not-found"),
        .init(.get, "/stories/{story}/bin", story + "/bin?before=x", 400, "bad-parameter"),
        .init(.get, "/stories/{story}/bin", "/stories/none/bin", 404, "not-found"),
        .init(.get, "/stories/{story}/slugs", "/stories/none/slugs", 404, "not-found"),
        .init(.get, "/stories/{story}/export", "/stories/none/export", 404, "not-found"),
    ]

    private static let storyWrites: [Self] = [
        .init(.post, "/stories", "/stories", 400, "malformed-body", body: "{"),
        .init(.post, "/stories", "/stories", 422, "validation", body: "{}"),
        .init(.post, "/stories", "/stories", 422, "validation", body: #"{"title":"a","sumary":"b"}"#),
        .init(
            .post, "/stories", "/stories", 409, "slug-taken",
            body: #"{"title":"a","slug":"harbour-bridge-reopens"}"#),
        .init(.post, "/stories", "/stories", 415, "unsupported-media-type", body: "a", type: "text/plain"),
        .init(.put, "/stories/{story}", "/stories/" + unknown, 404, "not-found", body: title),
        .init(.put, "/stories/{story}", "/stories/No", 422, "validation", body: title),
        .init(
            .put, "/stories/{story}", story, 412, "precondition-failed", body: title,
            headers: [.ifNoneMatch: "*"]),
        .init(
            .patch, "/stories/{story}", story, 400, "bad-parameter", body: "{}", headers: [.ifMatch: "x"]),
        .init(
            .delete, "/stories/{story}", story, 412, "precondition-failed", headers: [.ifMatch: "\"x\""]),
        .init(
            .delete, "/stories/{story}", story, 400, "bad-parameter", headers: [.ifNoneMatch: "\"x\""]),
    ]

    private static let updateWrites: [Self] = [
        .init(
            .post, "/stories/{story}/updates/{update}/restore", story + "/updates/" + unknown + "/restore",
            404,
            "not-found"),
        .init(
            .post, "/stories/{story}/updates/{update}/restore", update + "/restore", 412,
            "precondition-failed",
            headers: [.ifMatch: "\"x\""]),
        .init(.delete, "/stories/{story}/slugs/{slug}", story + "/slugs/none", 404, "not-found"),
        .init(
            .delete, "/stories/{story}/slugs/{slug}", story + "/slugs/harbour-bridge-reopens", 422,
            "validation"),
        .init(
            .post, "/stories/{story}/updates", story + "/updates", 422, "validation", body: " ",
            type: "text/markdown"),
        .init(
            .post, "/stories/{story}/updates", "/stories/none/updates", 404, "not-found", body: "a",
            type: "text/plain"),
        .init(.patch, "/stories/{story}/updates/{update}", update, 422, "validation", body: "[]"),
        .init(
            .patch, "/stories/{story}/updates/{update}", update, 412, "precondition-failed", body: "{}",
            headers: [.ifNoneMatch: "*"]),
        .init(
            .delete, "/stories/{story}/updates/{update}", story + "/updates/" + unknown, 404, "not-found"),
    ]

    private static let otherWrites: [Self] = [
        .init(
            .put, "/stories/{story}/links/{kind}", story + "/links/other", 404, "not-found", body: "[]"),
        .init(
            .put, "/stories/{story}/links/{kind}", story + "/links/related", 422, "validation",
            body: #"[{"title":"a","story":"\#(unknown)"}]"#),
        .init(
            .post, "/stories/{story}/reactions/{kind}", story + "/reactions/veryBad", 404, "not-found"),
        .init(
            .post, "/stories/{story}/reactions/{kind}", story + "/reactions/veryGood", 422, "validation",
            body: #"{"a":1}"#),
        .init(
            .post, "/stories/{story}/updates/{update}/reactions/{kind}", update + "/reactions/veryGood", 415,
            "unsupported-media-type", body: "a", type: "text/plain"),
        .init(
            .post, "/import", "/import", 422, "validation", body: #"{"wireroom":1,"story":null}"#),
        .init(.post, "/import", "/import", 422, "validation", body: #"{"wireroom":2}"#),
        .init(.post, "/import", "/import", 422, "validation", body: "{}"),
        .init(
            .post, "/import", "/import?status=open", 400, "bad-parameter",
            body: #"{"wireroom":1,"story":{"title":"a"}}"#),
        .init(
            .post, "/import", "/import?slug=harbour-bridge-reopens", 409, "slug-taken",
            body: #"{"wireroom":1,"story":{"title":"a"}}"#),
    ]
}
