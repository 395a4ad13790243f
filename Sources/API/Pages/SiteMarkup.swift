// SPDX-License-Identifier: Apache-2.0
internal import Stories

extension MarkupWriter {
    /// Writes the head of every page: logo or name, and the navigation. Nothing if none of it is set.
    mutating func masthead(_ settings: SiteSettings) {
        guard settings.name != nil || !settings.navigation.isEmpty else { return }
        // No header element: that of a story is the banner of its page. Named after the site, which is the one text that is there in
        // its language.
        let label = settings.name ?? settings.navigation.first?.label
        element("section", ["class": "masthead", "aria-label": label]) {
            if let name = settings.name {
                $0.element("a", ["href": "/"]) { link in
                    guard let logo = settings.logo else { return link.name(name) }
                    link.logo(logo, name)
                }
            }
            if !settings.navigation.isEmpty {
                $0.element("nav", ["aria-label": label]) { $0.links(settings.navigation) }
            }
        }
    }

    private mutating func logo(_ logo: SiteLogo, _ name: String) {
        element("picture") {
            if let dark = logo.dark {
                $0.empty("source", ["srcset": dark, "media": "(prefers-color-scheme: dark)"])
            }
            // With its sides, or in a box of a fixed size, so that nothing moves when it is loaded.
            let hasSides = logo.width != nil && logo.height != nil
            $0.empty(
                "img",
                [
                    "src": logo.light, "alt": name, "width": hasSides ? logo.width.map(String.init) : nil,
                    "height": hasSides ? logo.height.map(String.init) : nil,
                ])
        }
    }

    /// Writes the foot of every page: links, imprint, and what `more` writes. Nothing if there is none of it.
    mutating func siteFooter(_ settings: SiteSettings, more: ((inout MarkupWriter) -> Void)? = nil) {
        guard !settings.footer.isEmpty || settings.imprint != nil || more != nil else { return }
        element("footer", ["class": "foot"]) {
            $0.links(settings.footer)
            if let imprint = settings.imprint {
                $0.element("p", ["dir": "auto", "lang": ""], text: imprint)
            }
            more?(&$0)
        }
    }

    private mutating func links(_ links: [SiteLink]) {
        guard !links.isEmpty else { return }
        element("ul") {
            for link in links {
                $0.element("li") { item in
                    item.element("a", ["href": link.url]) { $0.name(link.label) }
                }
            }
        }
    }
}

extension SiteSettings {
    /// The title of a feed, by which its readers tell it from those of other sites.
    func feedTitle(of story: Story) -> String {
        [story.content.title, name].compactMap(\.self).joined(separator: " – ")
    }
}

extension SiteLogo {
    /// The absolute address of the picture for light ground.
    func address(at site: String) -> String { MediaReference(light) == nil ? light : site + light }
}

extension SiteIcon {
    /// The address of a small file, if the server has one.
    var smallURL: String {
        guard let width, width > MediaAsset.widths[0] else { return url }
        return "\(url)/\(MediaVariant.name(width: MediaAsset.widths[0], .webp))"
    }

    /// The absolute address.
    func address(at site: String) -> String { MediaReference(url) == nil ? url : site + url }
}
