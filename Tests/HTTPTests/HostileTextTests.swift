// SPDX-License-Identifier: Apache-2.0
import HTTP
import Support
import Testing

/// Client text is processed in linear time.
@Suite("Complexity attacks on the head")
struct HostileTextTests {
    /// Sixteen times this is about the limit of a head.
    private static let bytes = 950

    struct Field: CustomTestStringConvertible, Sendable {
        let name: HeaderName
        let read: @Sendable (Request) -> Void
        var others: Headers = [:]
        var method = Method.get

        var testDescription: String { "\(name) of \(method)" }

        func request(_ value: String) throws -> Request {
            var headers: Headers = [name: value]
            headers.add(others)
            return try Request(method, "/stories/a/updates", headers: headers)
        }
    }

    static let allFields: [Field] = {
        let open = CORS(CORS.Configuration(), next: ClosureResponder { _ in .ready(.text("x")) })
        var listed = CORS.Configuration()
        listed.origins = .list(["https://a.example", "https://b.example"])
        let closed = CORS(listed, next: ClosureResponder { _ in .ready(.text("x")) })
        let proxies = ["127.0.0.0/8", "10.0.0.0/8"].compactMap { AddressRange($0) }
        let byList = ForwardedBy(trusted: proxies)
        let byStandard = ForwardedBy(trusted: proxies, field: .forwarded)
        return [
            Field(name: "X-Forwarded-For", read: { _ = $0.client(ForwardedBy()) }),
            Field(name: "X-Forwarded-For", read: { _ = $0.client(byList) }),
            Field(name: "Forwarded", read: { _ = $0.client(byStandard) }),
            Field(name: "traceparent", read: { _ = $0.traceParent }),
            Field(name: .origin, read: { _ = closed.respond(to: $0) }),
            Field(
                name: .origin, read: { _ = closed.respond(to: $0) },
                others: ["Access-Control-Request-Method": "GET"], method: .options),
            Field(
                name: "Access-Control-Request-Method", read: { _ = open.respond(to: $0) },
                others: [.origin: "https://a.example"], method: .options),
            Field(name: .requestID, read: { _ = $0.id.description }),
            Field(name: .acceptEncoding, read: { _ = $0.prefersGzip }),
            Field(name: .ifNoneMatch, read: { _ = $0.ifNoneMatch(names: Array("\"a\"".utf8)) }),
        ]
    }()

    @Test("A field is processed in linear time", arguments: allFields, HostileText.allCases)
    func field(_ field: Field, text: HostileText) throws {
        let growth = try Growth(
            from: Self.bytes, prepare: { try field.request(text.text(bytes: $0)) }, work: field.read)
        #expect(growth.isLinear, "\(growth)")
    }

    @Test("A list of trusted proxies is processed in linear time")
    func trustedProxies() throws {
        let trusted = ForwardedBy(trusted: ["127.0.0.0/8"].compactMap { AddressRange($0) })
        let growth = try Growth(
            from: Self.bytes,
            prepare: { bytes in
                let hops = Array(repeating: "127.0.0.1", count: bytes / 10).joined(separator: ",")
                return try Request(.get, "/", headers: ["X-Forwarded-For": hops])
            },
            work: { _ = $0.client(trusted) })
        #expect(growth.isLinear, "\(growth)")
    }

    @Test(
        "A query is processed in linear time, for any number of look-ups",
        arguments: ["a&", "a=%CC%81&", "limit=1&", "%CC%81%CC%96", "=", "+"])
    func queries(part: String) throws {
        let growth = try Growth(
            from: 500,
            prepare: { try Request(.get, "/?e" + String(repeating: part, count: $0 / part.utf8.count)) },
            work: { request in
                for name in ["only", "tag", "limit", "order", "before", "cursor", "wait", "tick"] {
                    _ = request.query(name)
                }
            })
        #expect(growth.isLinear, "\(growth)")
    }

    @Test(
        "A path is processed in linear time",
        arguments: ["%CC%81%CC%96", "%E2%80%8D%F0%9F%91%A9", "a", "/"])
    func paths(part: String) throws {
        var builder = RouterBuilder { _, _, _ in Response(.notFound) }
        builder.on(.get, "/stories/{story}/updates") { _ in .ready(.text("x")) }
        builder.on(.get, "/stories/{story}/links") { _ in .ready(.text("x")) }
        let router = builder.build()
        for template in ["/\0", "/stories/\0", "/stories/\0/updates", "/stories/a/\0"] {
            let growth = try Growth(
                from: 490,
                prepare: { bytes in
                    let text = "a" + String(repeating: part, count: bytes / part.utf8.count)
                    return try Request(.get, template.replacing("\0", with: text))
                },
                work: { _ = router.respond(to: $0) })
            #expect(growth.isLinear, "\(template): \(growth)")
        }
    }
}
