// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import HTTP
internal import Live
internal import Stories
internal import Web

/// A story as a page for a frame in pages of other sites: readable without a script, and the widget with one.
///
/// It has neither keys nor cookies, and all that a press on it can do is a reaction, which any page may send. So any site may frame it,
/// unless the server's origins are listed.
struct EmbedPage {
    let overview: StoryOverview
    let query: OverviewQuery
    let look: WidgetLook
    let context: MarkupContext
    /// The origin of all addresses.
    let site: String
    /// What is set of the site.
    let appearance: SiteAppearance

    /// The style without what is set of the site.
    static let style =
        Web.widgetStyle
        + Array(
            "html{background:Canvas;font:1rem/1.5 system-ui,sans-serif}body{margin:0}wireroom-feed{display:block;padding:0 .75em}"
                .utf8)

    /// The format in the least allowed form: without frames of third parties, in no page of others.
    static let format = format(of: .standard, embeds: .never, framers: .list([]))

    /// Returns the format with the policy of a site and a server with these settings.
    static func format(
        of site: SiteAppearance, embeds: EmbedPolicy, framers: CORS.Configuration.Origins
    ) -> MediaFormat {
        let ancestors =
            switch framers {
            case .any: "*"
            case .list(let origins): (["'self'"] + origins.sorted()).joined(separator: " ")
            }
        return .html(
            policy: HTMLPage.policy(
                framing: embeds == .never ? [] : CardProvider.frameOrigins, scripts: "",
                style: site.frameStyleSource, hasFonts: !site.fonts.isEmpty,
                ancestors: ancestors))
    }

    func bytes() -> [UInt8] {
        let frame = Frame(
            site: appearance, title: overview.story.content.title, language: context.language,
            theme: look.theme, canonical: "\(site)/live/\(overview.story.slug)", scripts: ["/embed.js"])
        return frame.bytes {
            $0.element("wireroom-feed", attributes) { $0.widget(overview, look.form, context) }
        }
    }

    /// Returns the page of a problem, so that a frame is no empty box.
    static func refusal(_ problem: Problem, of site: SiteAppearance, theme: WidgetTheme) -> [UInt8] {
        let frame = Frame(
            site: site, title: problem.title(site.language.words), language: site.language, theme: theme)
        return frame.bytes {
            $0.element("wireroom-feed", ["theme": theme.rawValue]) {
                $0.element("div", ["class": "wireroom"]) {
                    $0.explanation(of: problem, heading: "h2")
                    $0.element("p") { $0.element("a", ["href": "/"], words: "allStories") }
                }
            }
        }
    }

    private var attributes: MarkupWriter.Attributes {
        [
            "story": overview.story.id.description, "form": look.form.rawValue, "theme": look.theme.rawValue,
            "reactions": context.kinds.map(\.name).joined(separator: " "), "embeds": context.embeds.rawValue,
            "limit": limit.map(String.init),
        ]
    }

    /// How many updates were asked for, if it is not what the form has by default.
    private var limit: Int? {
        guard case .page(let query) = query, query.limit != look.form.pageSize else { return nil }
        return query.limit
    }

    /// What every page for frames has around its content.
    fileprivate struct Frame {
        let site: SiteAppearance
        let title: String
        let language: PageLanguage
        let theme: WidgetTheme
        /// The page that search engines should show; `nil`: there is none.
        var canonical: String?
        /// The paths of scripts besides the one that tells the height.
        var scripts: [String] = []
    }
}

extension EmbedPage.Frame {
    func bytes(_ body: (inout MarkupWriter) -> Void) -> [UInt8] {
        var writer = MarkupWriter(in: language)
        writer.raw("<!DOCTYPE html>")
        writer.element("html", ["lang": language.tag, "dir": language.direction.rawValue]) {
            $0.element("head") { head(&$0) }
            $0.element("body", [:], body)
        }
        writer.raw("\n")
        return writer.bytes
    }

    private func head(_ writer: inout MarkupWriter) {
        writer.empty("meta", ["charset": "utf-8"])
        writer.element("title", text: title)
        writer.empty("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        let scheme = theme == .auto ? "light dark" : theme.rawValue
        writer.empty("meta", ["name": "color-scheme", "content": scheme])
        // What search engines should show is the page of the story.
        writer.empty("meta", ["name": "robots", "content": "noindex, follow"])
        if let canonical { writer.empty("link", ["rel": "canonical", "href": canonical]) }
        // Out of the frame, and not in place of the page around it.
        writer.empty("base", ["target": "_blank"])
        writer.element("style") { $0.raw(site.frameStyle) }
        for path in scripts + [Assets.own.embedPage.path] {
            writer.element("script", ["src": path, "async": ""], text: "")
        }
    }
}
