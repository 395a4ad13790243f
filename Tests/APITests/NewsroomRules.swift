// SPDX-License-Identifier: Apache-2.0

extension AuthorizationTests {
    /// What editors find and arrange stories with, and what admins make of the site.
    static let newsroom: [Rule] = [
        .init(
            "POST /stories/harbour/updates/move", #"{"ids": ["<harbourUpdate>"], "story": {"title": "T"}}"#,
            401, 401, 401, 403, 403, 200, 200),
        .init("GET /stories/harbour/search?q=words", "", 401, 401, 401, 403, 200, 200, 200),
        .init("GET /stories/secret/search?q=words", "", 401, 401, 401, 404, 404, 200, 200),
        .init("GET /stories/harbour/outline", "", 401, 401, 401, 403, 200, 200, 200),
        .init("GET /stories/secret/outline", "", 401, 401, 401, 404, 404, 200, 200),
        .init("GET /stories/harbour/note", "", 401, 401, 401, 403, 200, 200, 200),
        .init("GET /stories/secret/note", "", 401, 401, 401, 404, 404, 200, 200),
        .init("PUT /stories/harbour/note", #"{"text": "Ring the port."}"#, 401, 401, 401, 403, 200, 200, 200),
        .init("GET /site", "", 200, 200, 200, 200, 200, 200, 200),
        .init("PUT /site", "{}", 401, 401, 401, 403, 403, 403, 200),
        .init("GET /site/revisions", "", 401, 401, 401, 403, 403, 403, 200),
        .init("POST /site/preview", "{}", 401, 401, 401, 403, 403, 403, 200),
        .init("GET /site/fonts", "", 401, 401, 401, 403, 403, 403, 200),
        .init("POST /site/fonts", "no font", type: "font/woff2", 401, 401, 401, 403, 403, 403, 422),
        .init(
            "GET /fonts/00000000-0000-8000-8000-000000000000.woff2", "", 404, 404, 404, 404, 404, 404, 404),
    ]
}
