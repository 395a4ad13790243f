// SPDX-License-Identifier: Apache-2.0
// The providers, as data. A frame is a page that its provider publishes to be framed without a script on the framing page. Sizes are those
// of the providers' own embed codes.

extension CardProvider {
    private static let wide = CardFrame.Shape.ratio(width: 16, height: 9)
    private static let tall = CardFrame.Shape.ratio(width: 9, height: 16)

    /// All providers.
    static let all: [CardProvider] = [
        CardProvider(
            "YouTube", .video,
            hosts: [
                "www.youtube.com", "youtube.com", "m.youtube.com", "music.youtube.com",
                "www.youtube-nocookie.com",
            ], frames: youTube, lookup: .oEmbed("https://www.youtube.com/oembed?format=json&url="),
            [
                Pattern("/watch?v={id}", youTube + "/embed/{id}", wide),
                Pattern("/embed|live|v/{id}", youTube + "/embed/{id}", wide),
                Pattern("/shorts/{id}", youTube + "/embed/{id}", tall),
                Pattern("/playlist?list={id}", youTube + "/embed/videoseries?list={id}", wide),
            ]),
        CardProvider(
            "YouTube", .video, hosts: ["youtu.be"], frames: youTube,
            lookup: .oEmbed("https://www.youtube.com/oembed?format=json&url="),
            [Pattern("/{id}", youTube + "/embed/{id}", wide)]),
        CardProvider(
            "Vimeo", .video, hosts: ["vimeo.com", "www.vimeo.com", "player.vimeo.com"],
            frames: "https://player.vimeo.com", lookup: .oEmbed("https://vimeo.com/api/oembed.json?url="),
            [
                Pattern("/{id}", "https://player.vimeo.com/video/{id}?dnt=1", wide),
                Pattern("/video/{id}", "https://player.vimeo.com/video/{id}?dnt=1", wide),
                Pattern("/{id}/{hash}", "https://player.vimeo.com/video/{id}?h={hash}&dnt=1", wide),
            ]),
        CardProvider(
            "Dailymotion", .video, hosts: ["www.dailymotion.com", "dailymotion.com"],
            frames: "https://geo.dailymotion.com",
            lookup: .oEmbed("https://www.dailymotion.com/services/oembed?url="),
            [Pattern("/video/{id}", "https://geo.dailymotion.com/player.html?video={id}", wide)]),
        CardProvider(
            "TikTok", .video, hosts: ["www.tiktok.com", "tiktok.com", "m.tiktok.com"],
            frames: "https://www.tiktok.com", lookup: .oEmbed("https://www.tiktok.com/oembed?url="),
            [Pattern("/*/video/{id}", "https://www.tiktok.com/player/v1/{id}", tall)]),
        CardProvider(
            "Facebook", .video, hosts: ["www.facebook.com", "facebook.com", "m.facebook.com"],
            frames: "https://www.facebook.com", lookup: .none,
            [
                Pattern("/*/videos/{id}", facebook + "video.php?href={address}", wide),
                Pattern("/*/videos/*/{id}", facebook + "video.php?href={address}", wide),
                Pattern("/watch?v={id}", facebook + "video.php?href={address}", wide),
            ]),
        CardProvider(
            "Facebook", .post, hosts: ["www.facebook.com", "facebook.com", "m.facebook.com"],
            frames: "https://www.facebook.com", lookup: .none,
            [Pattern("/*/posts/{id}", facebook + "post.php?href={address}", .pixels(height: 600))]),
        CardProvider(
            "Instagram", .post, hosts: ["www.instagram.com", "instagram.com"],
            frames: "https://www.instagram.com", lookup: .none,
            [
                Pattern("/p|reel|tv/{id}", instagram + "{kind}/{id}/embed/", .pixels(height: 600)),
                Pattern("/*/p|reel|tv/{id}", instagram + "{kind}/{id}/embed/", .pixels(height: 600)),
            ]),
        CardProvider(
            "X", .post,
            hosts: ["x.com", "www.x.com", "twitter.com", "www.twitter.com", "mobile.twitter.com"],
            frames: "https://platform.twitter.com",
            lookup: .oEmbed("https://publish.twitter.com/oembed?dnt=true&omit_script=true&url="),
            [
                Pattern(
                    "/*/status/{id}", "https://platform.twitter.com/embed/Tweet.html?dnt=true&id={id}",
                    .pixels(height: 600))
            ]),
        // Its posts can be read without a frame.
        CardProvider("Bluesky", .post, hosts: ["bsky.app"], lookup: .bluesky),
        CardProvider(
            "Spotify", .audio, hosts: ["open.spotify.com"], frames: "https://open.spotify.com",
            lookup: .oEmbed("https://open.spotify.com/oembed?url="),
            spotify("/") + spotify("/*/")),
        CardProvider(
            "SoundCloud", .audio, hosts: ["soundcloud.com", "www.soundcloud.com"],
            frames: "https://w.soundcloud.com",
            lookup: .oEmbed("https://soundcloud.com/oembed?format=json&url="),
            [
                Pattern(
                    "/*/{id}", "https://w.soundcloud.com/player/?url={address}", .pixels(height: 166)),
                Pattern(
                    "/*/sets/{id}", "https://w.soundcloud.com/player/?url={address}",
                    .pixels(height: 450)),
            ]),
        CardProvider(
            "Datawrapper", .chart,
            hosts: ["datawrapper.dwcdn.net", "www.datawrapper.de", "datawrapper.de"],
            frames: "https://datawrapper.dwcdn.net",
            lookup: .oEmbed("https://api.datawrapper.de/v3/oembed?url="),
            [
                Pattern("/_/{id}", "https://datawrapper.dwcdn.net/{id}/", .pixels(height: 450)),
                Pattern("/{id}", "https://datawrapper.dwcdn.net/{id}/", .pixels(height: 450)),
                Pattern(
                    "/{id}/{version}", "https://datawrapper.dwcdn.net/{id}/{version}/", .pixels(height: 450)),
            ]),
        CardProvider(
            "Flourish", .chart, hosts: ["public.flourish.studio", "flo.uri.sh"], frames: "https://flo.uri.sh",
            lookup: .oEmbed("https://app.flourish.studio/api/v1/oembed?url="),
            [
                Pattern(
                    "/visualisation|story/{id}", "https://flo.uri.sh/{kind}/{id}/embed", .pixels(height: 600)),
                Pattern(
                    "/visualisation|story/{id}/embed", "https://flo.uri.sh/{kind}/{id}/embed",
                    .pixels(height: 600)),
            ]),
        CardProvider(
            "Google Maps", .map, hosts: ["www.google.com", "google.com", "maps.google.com", "www.google.de"],
            frames: "https://www.google.com", lookup: .none,
            [Pattern(.ratio(width: 4, height: 3), place: MapAddress.google)]),
        CardProvider(
            "OpenStreetMap", .map, hosts: ["www.openstreetmap.org", "openstreetmap.org"],
            frames: "https://www.openstreetmap.org", lookup: .none,
            [Pattern(.ratio(width: 4, height: 3), place: MapAddress.openStreetMap)]),
    ]

    private static let youTube = "https://www.youtube-nocookie.com"
    private static let facebook = "https://www.facebook.com/plugins/"
    private static let instagram = "https://www.instagram.com/"

    /// Below `/`, or below the path of a language.
    private static func spotify(_ base: String) -> [Pattern] {
        let frame = "https://open.spotify.com/embed/{kind}/{id}"
        return [
            Pattern(base + "track|episode/{id}", frame, .pixels(height: 152)),
            Pattern(base + "album|playlist|artist|show/{id}", frame, .pixels(height: 352)),
        ]
    }
}
