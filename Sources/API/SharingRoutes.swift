// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Live
internal import Stories

extension Endpoints {
    /// What other programs ask about the site: oEmbed, sitemaps, robots.txt, manifest and icons. `site` returns the origin
    /// of all addresses.
    mutating func addSharing(site: @escaping @Sendable () -> String, _ images: SocialImages?) {
        let current = self.site
        let name = { @Sendable in current.latest.settings.name ?? SiteAddress.host(of: site()) }
        addOEmbed(site: site, name: name, images)
        let sitemap = NewsSitemapCache(hub: hub, jobs: jobs, site: site, name: name)
        let stories = SitemapCache(hub: hub, jobs: jobs, site: site)
        let second = Representation.Freshness.second.cacheControl
        onRead("/sitemap.xml", produces: nil, parameters: ["page"]) { call, _ in
            let page = try Parameters(request: call.request).integer("page", in: Sitemap.pages)
            return call.pending {
                .ready(try await stories.document(page).response(to: call.request, cacheControl: second))
            }
        }
        onRead("/sitemap-news.xml", produces: nil) { call, _ in
            call.pending {
                .ready(try await sitemap.document().response(to: call.request, cacheControl: second))
            }
        }
        onReady("/robots.txt", produces: nil) { call in
            Asset("robots.txt", .plain, Robots.text(site: site()), isPacked: false)
                .responseForOthers(to: call.request)
        }
        addIcons(site: site)
    }

    /// Manifest and icons: those of the settings of the site, or else the built-in ones.
    private mutating func addIcons(site: @escaping @Sendable () -> String) {
        let current = self.site
        onReady("/manifest.webmanifest", produces: nil) { call in
            let manifest = WebManifest(site: site(), settings: current.latest.settings)
            return Asset("manifest.webmanifest", .manifest, manifest.bytes, isPacked: false)
                .responseForOthers(to: call.request)
        }
        // Browsers request these paths by default.
        onReady("/favicon.ico", produces: nil) { call in
            guard let icon = current.latest.settings.icon else {
                return Assets.own.response(to: call.request, at: \.favicon)
            }
            return .found(icon.smallURL)
        }
        onReady("/apple-touch-icon.png", produces: nil) { call in
            guard let icon = current.latest.settings.icon else {
                return Assets.own.response(to: call.request, at: \.touchIcon)
            }
            return .found(icon.url)
        }
    }

    private mutating func addOEmbed(
        site: @escaping @Sendable () -> String, name: @escaping @Sendable () -> String,
        _ images: SocialImages?
    ) {
        let (store, current) = (store, self.site)
        on(.get, "/oembed", .nothing, parameters: ["url", "format", "maxwidth", "maxheight"]) { call in
            let parameters = Parameters(request: call.request)
            guard let url = try parameters.text("url") else {
                throw Problem(parameter: "url", "must be given: the address of a story")
            }
            let format = try parameters.text("format")
            guard format == nil || format?.hasSameBytes(as: "json") == true else {
                throw Problem(Problem.Kind(.notImplemented), "the only format is json")
            }
            let size = OEmbed.Size(
                maximumWidth: try parameters.integer("maxwidth", in: OEmbed.pixels),
                maximumHeight: try parameters.integer("maxheight", in: OEmbed.pixels))
            let origin = site()
            guard let reference = StoryAddress(url, at: origin)?.story else {
                throw Problem(.notFound(.story))
            }
            let story = try await store.story(reference, access: .reader).story
            var drawn: SharedPicture?
            if images?.isReady == true {
                let settings = try await current.current().settings
                drawn = SocialCard(of: story, on: settings, at: origin)?.shared(at: origin)
            }
            return OEmbed(story: story, site: origin, name: name(), size: size, drawn: drawn).response
        }
    }
}

extension Response {
    /// A redirect to the icon of the site, which may become another.
    fileprivate static func found(_ address: String) -> Response {
        Response(.temporaryRedirect, headers: [.location: address, .cacheControl: "public, max-age=300"])
    }
}

/// `robots.txt` (RFC 9309).
enum Robots {
    static func text(site: String) -> [UInt8] {
        Array(
            """
            User-agent: *
            Allow: /
            Disallow: /desk
            Sitemap: \(site)/sitemap.xml
            Sitemap: \(site)/sitemap-news.xml

            """.utf8)
    }
}

/// The manifest of the site as an application (W3C Web Application Manifest).
private struct WebManifest: JSONWritable {
    let site: String
    /// What is set of the site.
    let settings: SiteSettings

    var bytes: [UInt8] { JSONWriter.line(of: self, capacity: 1_024) }

    func write(to writer: inout JSONWriter) {
        let name = settings.name ?? SiteAddress.host(of: site)
        let scheme = (settings.colors ?? .blank).schemes[0]
        writer.object {
            $0.member("name", name)
            $0.member("short_name", name)
            $0.member("start_url", "/")
            $0.member("display", "minimal-ui")
            $0.member("background_color", scheme.background.description)
            $0.member("theme_color", scheme.accent.description)
            $0.member("icons") {
                $0.array {
                    if let icon = settings.icon { return $0.icon(icon.url) }
                    $0.icon(Assets.own.icon.path, sizes: "any", type: "image/svg+xml")
                    $0.icon("/apple-touch-icon.png", sizes: "180x180", type: "image/png")
                    $0.icon(Assets.own.largeIcon.path, sizes: "512x512", type: "image/png")
                }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func icon(_ path: String, sizes: String? = nil, type: String? = nil) {
        object {
            $0.member("src", path)
            $0.given("sizes", sizes)
            $0.given("type", type)
        }
    }
}
