// SPDX-License-Identifier: Apache-2.0
import HTTP
import Outbound
import Stories
import Support
import Synchronization
import Testing

@testable import Cards

@Suite("Looking cards up")
struct CardFetcherTests {
    /// What was asked of a network of these answers, and what was found.
    private static func lookUp(
        _ url: String, _ answers: [String: String]
    ) async throws -> (result: CardFetcher.Result, asked: [String]) {
        let receiver = try WebhookReceiver()
        for (path, body) in answers { receiver.serve(path, body) }
        let asked = Mutex<[String]>([])
        let loopback = try #require(AddressRange("127.0.0.1"))
        let http = HTTPFetcher(CardFetcher.settings(allowing: [loopback], userAgent: "Wireroom/0"))
        let fetcher = CardFetcher { request throws(OutboundError) in
            asked.withLock { $0.append(request.url) }
            // Every host is the receiver.
            var request = request
            let path = request.url.utf8.drop { $0 != UInt8(ascii: ":") }.dropFirst(3).drop {
                $0 != UInt8(ascii: "/")
            }
            request.url = receiver.url + String(Substring(path))
            return try await http.fetch(request)
        }
        let result = await fetcher.text(of: url)
        return (result, asked.withLock { $0 })
    }

    private static func found(_ result: CardFetcher.Result) throws -> CardText {
        guard case .found(let text, _) = result else { throw Missing(result: result) }
        return text
    }

    private struct Missing: Error { let result: CardFetcher.Result }

    @Test("A page is described by Open Graph, else by its title")
    func page() async throws {
        let page = """
            <title>Other</title><meta property="og:title" content="Storm &quot;Ada&quot;">
            <meta property="og:description" content="It comes."><meta property="og:site_name" content="The Paper">
            <meta property="og:image" content="https://pictures.example/storm.jpg">
            """
        let (result, asked) = try await Self.lookUp("https://www.paper.example/a?b#c", ["a?b": page])
        let text = try Self.found(result)
        #expect(asked == ["https://www.paper.example/a?b"])
        #expect(text.url == "https://www.paper.example/a?b#c" && text.kind == .link)
        #expect(text.title == "Storm \"Ada\"" && text.description == "It comes." && text.site == "The Paper")
        // A thumbnail is a picture of this server, which is made of what is at that address.
        guard case .found(_, "https://pictures.example/storm.jpg") = result else {
            throw Missing(result: result)
        }
        #expect(text.thumbnail == nil)
        let plain = try Self.found(
            try await Self.lookUp("https://www.paper.example/a", ["a": "<title>Only"]).result)
        #expect(plain.title == "Only" && plain.site == "paper.example" && plain.description == nil)
    }

    @Test(
        "The address of a picture is resolved against the page, and http or https",
        arguments: [
            ("content='b.jpg?x=1&amp;y=2'", "/a/b.jpg?x=1&y=2"), ("content=/b.jpg", "/b.jpg"),
            ("content='../b c\u{F6}.jpg'", "/b%20c%C3%B6.jpg"), ("content=''", nil), ("content=' '", nil),
            ("content='data:image/gif;base64,R0lG'", nil), ("content='javascript:alert(1)'", nil),
            ("content='ftp://a.example/b.jpg'", nil), ("content='file:///etc/passwd'", nil),
            ("content='https://user:word@a.example/b.jpg'", nil), ("content='https:///b.jpg'", nil),
        ])
    func picture(content: String, path: String?) async throws {
        let page = "<title>Storm</title><meta property='og:image' \(content)>"
        let (result, _) = try await Self.lookUp("https://a.example/a/page", ["a/page": page])
        guard case .found(_, let picture) = result else { throw Missing(result: result) }
        let found = picture.map { $0.drop { $0 != "1" }.drop { $0 != "/" } }
        #expect(found.map(String.init) == path)
    }

    @Test("A picture is fetched whole or not at all")
    func pictureBytes() async throws {
        let receiver = try WebhookReceiver()
        receiver.serve("small", [UInt8](repeating: 7, count: 3))
        receiver.serve("large", [UInt8](repeating: 7, count: CardFetcher.pictureBytes + 1))
        receiver.answer("moved", "302 Found\r\nLocation: /small")
        let loopback = try #require(AddressRange("127.0.0.1"))
        let http = HTTPFetcher(CardFetcher.settings(allowing: [loopback], userAgent: "Wireroom/0"))
        let fetcher = CardFetcher { request throws(OutboundError) in try await http.fetch(request) }
        #expect(await fetcher.picture(at: receiver.url + "/small") == [7, 7, 7])
        #expect(await fetcher.picture(at: receiver.url + "/moved") == [7, 7, 7])
        #expect(await fetcher.picture(at: receiver.url + "/large") == nil)
        #expect(await fetcher.picture(at: receiver.url + "/none") == nil)
        // An address of a private network is not asked.
        let inner = receiver.url.replacing("127.0.0.1", with: "127.0.0.2") + "/small"
        #expect(await fetcher.picture(at: inner) == nil)
        #expect(receiver.received.count == 5)
    }

    @Test("A page cannot go by the name of a provider")
    func names() async throws {
        let page = "<title>Film</title><meta property=og:site_name content=YouTube>"
        #expect(
            try Self.found(try await Self.lookUp("https://a.example/a", ["a": page]).result).site
                == "a.example")
    }

    @Test("A long page is read to its beginning only")
    func long() async throws {
        let page = "<title>Long</title>" + String(repeating: "x", count: 2 * CardFetcher.bodyBytes)
        #expect(
            try Self.found(try await Self.lookUp("https://a.example/a", ["a": page]).result).title == "Long")
    }

    @Test("A status of Mastodon is text, and a warning stands for what it warns of")
    func mastodon() async throws {
        let (path, url) = (
            "api/v1/statuses/109372843234567890", "https://social.example/@ada/109372843234567890"
        )
        func status(_ warning: String, _ visibility: String = "public") -> String {
            #"{"id":"1","content":"<p>Water at <b>3 m</b>.<br>More &amp; more</p><script>x</script>","visibility":"\#(visibility)","#
                + #""spoiler_text":"\#(warning)","account":{"acct":"ada","display_name":"Ada L."},"media_attachments":[]}"#
        }
        let (result, asked) = try await Self.lookUp(url, [path: status("")])
        let text = try Self.found(result)
        #expect(asked == ["https://social.example/api/v1/statuses/109372843234567890"])
        #expect(
            text.kind == .post && text.title == "Ada L." && text.author == "@ada" && text.site == "Mastodon")
        #expect(text.description == "Water at 3 m. More & more x")
        let warned = try Self.found(try await Self.lookUp(url, [path: status("Flood")]).result)
        #expect(warned.description == "Flood")
        // One for followers only is none, and the page is asked.
        let hidden = try await Self.lookUp(
            url, [path: status("", "private"), "@ada/109372843234567890": "<title>Page"])
        #expect(try Self.found(hidden.result).title == "Page")
    }

    @Test("A post of Bluesky is text, unless its author hides it from visitors")
    func bluesky() async throws {
        let url = "https://bsky.app/profile/ada.example/post/3kabc"
        let path =
            "xrpc/app.bsky.feed.getPostThread?depth=0&parentHeight=0&uri=at%3A%2F%2Fada.example%2Fapp.bsky.feed.post%2F3kabc"
        func thread(_ label: String) -> String {
            #"{"thread":{"$type":"app.bsky.feed.defs#threadViewPost","post":{"uri":"at://did:plc:1/app.bsky.feed.post/3kabc","#
                + #""author":{"did":"did:plc:1","handle":"ada.example","displayName":"Ada","labels":[{"val":"\#(label)"}]},"#
                + #""record":{"$type":"app.bsky.feed.post","text":"Water\nrises"}}}}"#
        }
        let (result, asked) = try await Self.lookUp(url, [path: thread("x")])
        let text = try Self.found(result)
        #expect(asked == ["https://public.api.bsky.app/" + path])
        #expect(text.kind == .post && text.title == "Ada" && text.author == "@ada.example")
        #expect(text.description == "Water rises")
        let hidden = try await Self.lookUp(url, [path: thread("!no-unauthenticated")]).result
        #expect(hidden == .nothing(code: 200, error: "the answer says nothing of it", isFinal: true))
    }

    @Test("Providers are asked by oEmbed; of its HTML only the text of a post is taken")
    func oEmbed() async throws {
        let (result, asked) = try await Self.lookUp(
            "https://youtu.be/abc",
            [
                "oembed?format=json&url=https%3A%2F%2Fyoutu.be%2Fabc":
                    #"{"title":"A film","author_name":"Ada","html":"<iframe>","thumbnail_url":"https://i.example/f.jpg"}"#
            ])
        let text = try Self.found(result)
        #expect(asked == ["https://www.youtube.com/oembed?format=json&url=https%3A%2F%2Fyoutu.be%2Fabc"])
        #expect(text.title == "A film" && text.author == "Ada" && text.description == nil)
        guard case .found(_, "https://i.example/f.jpg") = result else { throw Missing(result: result) }
        let post = try Self.found(
            try await Self.lookUp(
                "https://x.com/ada/status/1",
                [
                    "oembed?dnt=true&omit_script=true&url=https%3A%2F%2Fx.com%2Fada%2Fstatus%2F1":
                        #"{"author_name":"Ada","html":"<blockquote><p lang=\"en\">Water &amp; wind</p>&mdash; Ada</blockquote>"}"#
                ]
            ).result)
        #expect(post.title == "Ada" && post.description == "Water & wind")
    }

    @Test("What could be found later is tried again, anything else is not")
    func failures() async throws {
        let nothing = CardFetcher { _ throws(OutboundError) in
            throw .refusedAddress("10.0.0.1", reason: "private")
        }
        guard case .nothing(nil, _, isFinal: true) = await nothing.text(of: "https://a.example/") else {
            Issue.record("a refused address is tried again")
            return
        }
        let late = CardFetcher { _ throws(OutboundError) in throw .timedOut(host: "a.example") }
        guard case .nothing(nil, _, isFinal: false) = await late.text(of: "https://a.example/") else {
            Issue.record("a time-out is final")
            return
        }
        let empty = try await Self.lookUp("https://a.example/a", ["a": "<p>Nothing</p>"]).result
        #expect(empty == .nothing(code: 200, error: "the answer says nothing of it", isFinal: true))
        // Of Instagram nothing is asked at all.
        let none = try await Self.lookUp("https://www.instagram.com/p/C1/", [:])
        #expect(none.asked.isEmpty)
    }
}
