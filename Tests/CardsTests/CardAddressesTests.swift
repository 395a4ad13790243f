// SPDX-License-Identifier: Apache-2.0
import Markdown
import Stories
import Testing

@Suite("The addresses of an update that become cards")
struct CardAddressesTests {
    private static func found(_ body: String, _ media: [Media] = []) -> [String] {
        CardAddresses.all(in: Markdown.html(body), media)
    }

    @Test(
        "are those that stand alone on a line of the body",
        arguments: [
            ("https://a.example/x", ["https://a.example/x"]),
            ("Look:\n\nhttps://a.example/x?a=1&b=2\n\nEnd.", ["https://a.example/x?a=1&b=2"]),
            ("Look:\nhttps://a.example/x\nEnd.", ["https://a.example/x"]),
            ("<https://a.example/x>", ["https://a.example/x"]),
            ("www.a.example", ["http://www.a.example"]),
            ("> https://a.example/x", ["https://a.example/x"]),
            ("https://de.wikipedia.org/wiki/F\u{F6}hr", ["https://de.wikipedia.org/wiki/F%C3%B6hr"]),
            ("https://a.example/it's", ["https://a.example/it's"]),
            ("https://a.example/x\n\nhttps://a.example/x", ["https://a.example/x"]),
        ])
    func alone(body: String, urls: [String]) { #expect(Self.found(body) == urls) }

    @Test(
        "are not those within a sentence, with another text, or in code",
        arguments: [
            "See https://a.example/x", "https://a.example/x is it", "https://a.example/x.",
            "[Look](https://a.example/x)", "[https://b.example](https://a.example/x)",
            "- https://a.example/x", "`https://a.example/x`", "    https://a.example/x",
            "```\nhttps://a.example/x\n```", "**https://a.example/x**", "# https://a.example/x",
            "https://user@a.example/", "someone@a.example", "ftp://a.example/x", "/live/x",
            "![](https://a.example/x)", "[](https://a.example/x \"Title\")",
        ])
    func others(body: String) { #expect(Self.found(body) == []) }

    @Test("are also the links among the media, once, and five at most")
    func media() {
        let links = (1...7).map { Media(type: .link, url: "https://a.example/\($0)") }
        let image = Media(type: .image, url: "https://a.example/i.jpg")
        #expect(Self.found("Text", [image, links[0]]) == ["https://a.example/1"])
        #expect(
            Self.found("https://a.example/2", links) == [2, 1, 3, 4, 5].map { "https://a.example/\($0)" })
    }

    @Test("give a card the place of a paragraph that is nothing but its address")
    func places() {
        let cards = ["a", "b", "c"].map { Card(CardText(url: "https://\($0).example/?x=1&y=2")) }
        let html = Markdown.html(
            "One\n\nhttps://b.example/?x=1&y=2\n\nhttps://b.example/?x=1&y=2\n\nTwo\nhttps://a.example/?x=1&y=2"
        )
        let placed = CardAddresses.placing(cards, in: html)
        #expect(placed.parts.map(\.html) == ["<p>One</p>\n"])
        #expect(placed.parts.map(\.card) == [cards[1]])
        #expect(placed.others == [cards[0], cards[2]])
        #expect(placed.rest.hasPrefix("\n<p><a href=\"https://b.example/?x=1&amp;y=2\">"))
        #expect(CardAddresses.placing([], in: html).rest == html)
    }
}
