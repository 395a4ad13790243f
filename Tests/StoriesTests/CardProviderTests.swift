// SPDX-License-Identifier: Apache-2.0
import Stories
import Testing

@Suite("The providers of cards")
struct CardProviderTests {
    @Test(
        "An address has the frame of its provider",
        arguments: [
            (
                "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "YouTube",
                "www.youtube-nocookie.com/embed/dQw4w9WgXcQ", "16/9"
            ),
            (
                "https://youtu.be/dQw4w9WgXcQ?si=abc", "YouTube",
                "www.youtube-nocookie.com/embed/dQw4w9WgXcQ", "16/9"
            ),
            (
                "https://m.youtube.com/watch?app=desktop&v=a_b-c", "YouTube",
                "www.youtube-nocookie.com/embed/a_b-c", "16/9"
            ),
            ("https://www.youtube.com/shorts/abc", "YouTube", "www.youtube-nocookie.com/embed/abc", "9/16"),
            ("https://www.youtube.com/live/abc", "YouTube", "www.youtube-nocookie.com/embed/abc", "16/9"),
            (
                "HTTPS://WWW.YouTube.COM:443/watch?v=abc", "YouTube", "www.youtube-nocookie.com/embed/abc",
                "16/9"
            ),
            ("https://vimeo.com/76979871", "Vimeo", "player.vimeo.com/video/76979871?dnt=1", "16/9"),
            (
                "https://vimeo.com/76979871/a1b2", "Vimeo", "player.vimeo.com/video/76979871?h=a1b2&dnt=1",
                "16/9"
            ),
            (
                "https://www.tiktok.com/@zdf/video/7106594312292453675", "TikTok",
                "www.tiktok.com/player/v1/7106594312292453675", "9/16"
            ),
            (
                "https://x.com/nasa/status/1808", "X",
                "platform.twitter.com/embed/Tweet.html?dnt=true&id=1808", "600px"
            ),
            (
                "https://twitter.com/nasa/status/1808?s=20", "X",
                "platform.twitter.com/embed/Tweet.html?dnt=true&id=1808", "600px"
            ),
            (
                "https://www.instagram.com/p/C1a-b_/", "Instagram", "www.instagram.com/p/C1a-b_/embed/",
                "600px"
            ),
            (
                "https://www.instagram.com/nasa/reel/C1/?igsh=1", "Instagram",
                "www.instagram.com/reel/C1/embed/", "600px"
            ),
            (
                "https://www.facebook.com/nasa/posts/1", "Facebook",
                "www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fnasa%2Fposts%2F1",
                "600px"
            ),
            (
                "https://open.spotify.com/episode/4rO", "Spotify", "open.spotify.com/embed/episode/4rO",
                "152px"
            ),
            (
                "https://open.spotify.com/intl-de/album/4rO?si=1", "Spotify",
                "open.spotify.com/embed/album/4rO", "352px"
            ),
            (
                "https://soundcloud.com/a/b", "SoundCloud",
                "w.soundcloud.com/player/?url=https%3A%2F%2Fsoundcloud.com%2Fa%2Fb", "166px"
            ),
            (
                "https://datawrapper.dwcdn.net/AbC12/3/", "Datawrapper", "datawrapper.dwcdn.net/AbC12/3/",
                "450px"
            ),
            ("https://www.datawrapper.de/_/AbC12/", "Datawrapper", "datawrapper.dwcdn.net/AbC12/", "450px"),
            (
                "https://public.flourish.studio/visualisation/123/", "Flourish",
                "flo.uri.sh/visualisation/123/embed", "600px"
            ),
            (
                "https://www.google.com/maps/place/Hamburg+Altona/@53.55,9.93,12z/data=!3m1", "Google Maps",
                "www.google.com/maps?output=embed&q=Hamburg%20Altona&z=12", "4/3"
            ),
            (
                "https://www.google.com/maps/@53.55,9.93,12z", "Google Maps",
                "www.google.com/maps?output=embed&q=53.55,9.93&z=12", "4/3"
            ),
            (
                "https://www.openstreetmap.org/#map=12/53.5/9.9", "OpenStreetMap",
                "www.openstreetmap.org/export/embed.html?layer=mapnik&bbox=9.797%2C53.4485%2C10.003%2C53.5515",
                "4/3"
            ),
        ])
    func frames(url: String, name: String, frame: String, size: String) throws {
        let card = Card(CardText(url: url))
        #expect(card.provider == name)
        #expect(card.frame?.url == "https://" + frame)
        #expect(card.frame?.shape.description == size)
    }

    @Test(
        "Addresses that only look like those of a provider have no frame",
        arguments: [
            "https://www.youtube.com.evil.example/watch?v=abc",
            "https://evil.example/www.youtube.com/watch?v=abc",
            "https://www.youtube.com@evil.example/watch?v=abc",
            "https://evil.example#www.youtube.com/watch?v=abc",
            "https://www.youtube.com:8443/watch?v=abc", "https://xn--yutube-wqf.com/watch?v=abc",
            "https://notyoutube.com/watch?v=abc", "https://youtube.com%2eevil.example/watch?v=abc",
            "https://www.youtube.com/watch?v=a%22%3E%3Cscript%3E", "https://www.youtube.com/watch?v=",
            "https://www.youtube.com/embed/../../x", "https://www.youtube.com//watch?v=abc",
            "ftp://www.youtube.com/watch?v=abc", "javascript://www.youtube.com/watch?v=abc",
            "https://vimeo.com/1/2/3", "https://www.instagram.com/nasa/", "https://x.com/nasa",
            "https://www.openstreetmap.org/#map=12/nan/9.9", "https://www.openstreetmap.org/#map=99/53/9",
            "https://www.openstreetmap.org/#map=12/0x1p3/9.9", "https://www.google.com/search?q=maps",
            "https://open.spotify.com/user/4rO", "https://www.youtube.com/watch?v=abc def", "",
        ])
    func lookalikes(url: String) {
        #expect(Card(CardText(url: url)).frame == nil)
    }

    @Test(
        "Every frame is at an origin that the policy of pages lists, by https, and has no character that could leave it"
    )
    func origins() throws {
        #expect(CardProvider.examples.count >= 30)
        for url in CardProvider.examples {
            let frame = try #require(Card(CardText(url: url)).frame, "\(url)")
            #expect(
                CardProvider.frameOrigins.contains { frame.url.utf8.starts(with: "\($0)/".utf8) },
                "\(frame.url)")
            #expect(frame.url.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\"<>'\\".utf8.contains($0) })
        }
        for origin in CardProvider.frameOrigins {
            #expect(origin.utf8.starts(with: "https://".utf8))
            #expect(!origin.utf8.dropFirst(8).contains { "/ ;*'".utf8.contains($0) })
        }
    }

    @Test("Texts are looked up where the provider says it, and in the page of all others")
    func lookups() {
        #expect(CardProvider.lookup(of: "https://www.instagram.com/p/C1/") == .none)
        #expect(CardProvider.lookup(of: "https://bsky.app/profile/a.example/post/3k") == .bluesky)
        #expect(
            CardProvider.lookup(of: "https://vimeo.com/1")
                == .oEmbed("https://vimeo.com/api/oembed.json?url="))
        #expect(CardProvider.lookup(of: "https://vimeo.com/about/a/b") == .page)
        #expect(CardProvider.lookup(of: "https://example.org/") == .page)
    }

    @Test("A card of no provider has the kind and the site of its texts, and no frame")
    func others() {
        var text = CardText(url: "https://social.example/@a/109", kind: .post)
        text.site = "Mastodon"
        let card = Card(text)
        #expect(card.kind == .post && card.provider == "Mastodon" && card.frame == nil)
    }
}
