// SPDX-License-Identifier: Apache-2.0
import HTTP
import Testing

@Suite("A request")
struct RequestTests {
    @Test(
        "decodes the segments of its path",
        arguments: [
            ("/", []), ("/a/b", ["a", "b"]), ("/a/", ["a", ""]), ("//a", ["", "a"]),
            ("/a%2Fb/c%20d", ["a/b", "c d"]), ("/../%2e", ["..", "."]), ("/%C3%A9?/x", ["é"]),
            ("/a+b", ["a+b"]),
            ("http://h/x", ["x"]), ("http://h", []),
        ] as [(String, [String])])
    func decodesSegments(target: String, segments: [String]) throws {
        #expect(try Request(.get, target).pathSegments == segments)
    }

    @Test("decodes its query")
    func decodesQuery() throws {
        let request = try Request(.get, "/a?tag=x%26y&tag=a+b&&empty=&bare&limit=5&a=b=c")
        #expect(request.query("tag") == ["x&y", "a b"])
        #expect(request.query("empty") == [""])
        #expect(request.query("bare") == [""])
        #expect(request.query("limit") == ["5"])
        #expect(request.query("a") == ["b=c"])
        #expect(request.query("missing").isEmpty)
        #expect(request.path == "/a")
        #expect(try Request(.get, "/a").query("x").isEmpty)
    }

    @Test("compares parameter names bytewise")
    func tellsParametersApart() throws {
        let request = try Request(.get, "/?%C3%A9=1&e%CC%81=2")
        #expect(request.query("\u{E9}") == ["1"])
        #expect(request.query("e\u{301}") == ["2"])
        #expect(!request.queryHasOnly(["\u{E9}"]) && request.queryHasOnly(["e\u{301}", "\u{E9}"]))
    }

    @Test("finds fields case-insensitively, and joins several")
    func findsFields() throws {
        let request = try Request(.get, "/", headers: ["ACCEPT": "a", "accept": "b", "X-One": " 1 "])
        #expect(request.header(.accept)?.ascii == "a, b")
        #expect(request.headers(named: "Accept").map(\.ascii) == ["a", "b"])
        #expect(request.header("x-one")?.ascii == "1")
        #expect(request.header("x-two")?.ascii == nil)
    }

    @Test("takes the authority from an absolute target before Host")
    func findsHost() throws {
        #expect(try Request(.get, "/", headers: [.host: "a"]).host == "a")
        #expect(try Request(.get, "http://b:1/x?y", headers: [.host: "a"]).host == "b:1")
        #expect(try Request(.get, "http://b", headers: [.host: "a"]).path == "/")
    }

    @Test("made without a socket is validated like any other")
    func isRefused() {
        #expect(throws: RequestFailure.self) { try Request(.get, "no path") }
        #expect(throws: RequestFailure.self) { try Request(.get, "/", headers: ["A B": "c"]) }
    }
}
