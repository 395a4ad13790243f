// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// What a widget shows of a story.
enum WidgetForm: String, CaseIterable, Sendable {
    /// Everything: standfirst, key points, updates with their media, and older ones.
    case full
    /// The latest updates, each in a few lines.
    case compact
    /// The latest update in a line.
    case ticker
    /// The key points, or else the standfirst.
    case keypoints
    /// The title alone.
    case headline

    /// How many updates it has at first, as `embed.js` has it.
    var pageSize: Int {
        switch self {
        case .full: 20
        case .compact: 5
        case .ticker, .keypoints, .headline: 1
        }
    }

    fileprivate var showsUpdates: Bool { self != .keypoints && self != .headline }
    fileprivate var classNames: String { self == .full ? "full" : "brief \(rawValue)" }
}

/// The colours of a widget.
enum WidgetTheme: String, CaseIterable, Sendable {
    /// As the reader's system has them.
    case auto
    case light, dark
}

/// How a widget in markup looks.
struct WidgetLook: Sendable {
    var form = WidgetForm.full
    var theme = WidgetTheme.auto

    /// A number for each look.
    var number: Int { index(form) * WidgetTheme.allCases.count + index(theme) }

    private func index<Choice: CaseIterable & Equatable>(_ choice: Choice) -> Int {
        Choice.allCases.prefix { $0 != choice }.count
    }
}

extension MarkupWriter {
    /// Writes a story as the widget shows it (`embed.js`), without what only a script can do.
    mutating func widget(_ overview: StoryOverview, _ form: WidgetForm, _ context: MarkupContext) {
        let (page, language) = ("/live/\(overview.story.slug)", context.language)
        element(
            "div",
            [
                "class": "wireroom \(form.classNames)", "lang": language.tag,
                "dir": language.direction.rawValue,
            ]
        ) {
            $0.element("header", ["class": "header"]) { $0.widgetHeader(overview.story, form, page) }
            if form.showsUpdates { $0.widgetUpdates(overview, form, context) }
            $0.element("p", ["class": "read-on"]) { $0.element("a", ["href": page], words: "readOn") }
        }
    }

    private mutating func widgetHeader(_ story: Story, _ form: WidgetForm, _ page: String) {
        let content = story.content
        let isClosed = content.status == .closed
        element(
            "p", ["class": isClosed ? "status" : "status live"], words: isClosed ? "closed" : "live")
        element("h2", ["class": "title", "dir": "auto", "lang": written]) {
            $0.element("a", ["href": page], text: content.title)
        }
        guard form == .full || form == .keypoints else { return }
        element("p", ["class": "standfirst", "dir": "auto", "lang": written], text: content.summary)
        guard !content.keyPoints.isEmpty else { return }
        element("ul", ["class": "key-points"]) {
            for point in content.keyPoints { $0.element("li", $0.ofWritten, text: point) }
        }
    }

    private mutating func widgetUpdates(
        _ overview: StoryOverview, _ form: WidgetForm, _ context: MarkupContext
    ) {
        // Only the full form has pinned updates above the others.
        let pinned = form == .full ? overview.pinned : []
        let rest = overview.updates.filter { form != .full || !$0.content.pinned }
        // A page may have several.
        let label = form == .full ? words("updatesOf", ["title": overview.story.content.title]) : nil
        for (name, label, updates) in [("pinned", words("pinned"), pinned), ("updates", label, rest)]
        where !updates.isEmpty {
            element("section", ["class": name, "aria-label": label]) {
                for update in updates {
                    $0.update(update, overview.reactions.updates[update.id] ?? [:], context)
                }
            }
        }
    }
}

/// A story as markup that servers include in pages of other sites: with absolute addresses and classes, without styles and scripts.
struct StoryFragment {
    let overview: StoryOverview
    let form: WidgetForm
    var context: MarkupContext
    /// The origin of all addresses.
    let site: String

    func bytes() -> [UInt8] {
        // Buttons are inert without a script.
        let still = MarkupContext(slug: context.slug, kinds: [], embeds: .never, language: context.language)
        var writer = MarkupWriter(in: context.language, origin: site)
        writer.widget(overview, form, still)
        writer.raw("\n")
        return writer.bytes
    }
}
