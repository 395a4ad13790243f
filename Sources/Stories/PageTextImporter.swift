// SPDX-License-Identifier: Apache-2.0
/// Parses a live page that was saved as text. Pure: no ids, no clock.
///
/// The format, top to bottom. Everything but the title is optional, and blank lines are ignored:
///
///     Current:Home > Contact<title> -<site>       breadcrumb: crumbs, title and site run together
///     <title>
///     <byline> View                               may share its line with the date
///     Date:2025-04-06 23:49:13                    of this copy of the page, taken as UTC
///     <standfirst, a paragraph a line>
///     WHAT TO KNOW:                               or KEY DEVELOPMENTS, KEY POINTS
///     — <point>
///     ___                                         three or more: the next update begins
///     <update, a paragraph a line>                newest first, without times
///     veryGood! (6)                               ends the updates
///     Related                                     or Ranking, Recommendation; any order
///     - <title>
///
/// No line is dropped silently: each is in a member, or is named in `warnings`.
public struct PageTextImporter: Sendable, Equatable {
    /// The title of line 2, without the breadcrumb and site around it in line 1.
    public var title: String
    /// The breadcrumb entries before the title: `["Home", "Contact"]`.
    public var section: [String] = []
    /// The author line, without the label `View`.
    public var byline: String?
    /// The standfirst as plain text, paragraphs joined by a blank line.
    public var summary: String?
    /// The site that the copy was saved from.
    public var sourceName: String?
    /// When the copy was saved, in milliseconds since 1970 UTC. Unrelated to the times of updates.
    public var sourceDateMilliseconds: Int64?
    /// The key points as plain text, without their dashes.
    public var keyPoints: [String] = []
    /// The updates' bodies as CommonMark, newest first.
    public var updates: [String] = []
    /// The count of each kind of reaction.
    public var reactions: ReactionCounts = [:]
    /// Titles under `Related`, without exact duplicates.
    public var related: [String] = []
    /// Titles under `Ranking`, without exact duplicates.
    public var ranking: [String] = []
    /// Titles under `Recommendation`, without exact duplicates.
    public var recommendation: [String] = []
    /// Warnings about omitted and ambiguous lines, in the page's order.
    public var warnings: [Warning] = []

    /// A page with a title only.
    public init(title: String) {
        self.title = title
    }

    /// Parses a page in linear time.
    public static func parse(_ text: String) throws(ParseError) -> PageTextImporter {
        try read(text).page
    }

    /// Parses a page, and returns its source map too.
    public static func read(_ text: String) throws(ParseError) -> (
        page: PageTextImporter, sourceMap: SourceMap
    ) {
        let reader = try Reader.read(text)
        return (reader.page, SourceMap(reader))
    }
}

extension PageTextImporter {
    /// A warning about a line, for the user who imports the page.
    public struct Warning: Sendable, Hashable {
        /// The line number, from 1.
        public var line: Int
        /// What was done with the line, and why.
        public var detail: String

        /// Memberwise.
        public init(line: Int, detail: String) {
            self.line = line
            self.detail = detail
        }
    }

    /// Why a text is not a live page.
    public enum ParseError: Error, Hashable, CustomStringConvertible {
        /// White space only.
        case empty
        /// This line should be the page's title, but is not.
        case noTitle(line: Int)
        /// Not plain text but another format.
        case notText(OtherForm)

        /// The message for the sender.
        public var description: String {
            switch self {
            case .empty: "the page is empty"
            case .noTitle(let line): "the page has no title: line \(line) holds something else"
            case .notText(let form): form.description
            }
        }
    }

    /// The lists of titles at the end of a page; raw values are their headings in lower case.
    enum List: String, CaseIterable, Sendable {
        case related, ranking, recommendation

        var titles: WritableKeyPath<PageTextImporter, [String]> {
            switch self {
            case .related: \.related
            case .ranking: \.ranking
            case .recommendation: \.recommendation
            }
        }
    }

    /// How a line was parsed. Each line has exactly one role, and only blank lines are `.blank`: tests check by it that the
    /// parser loses nothing.
    enum LineRole: Equatable, Sendable {
        case blank, breadcrumb, title, byline, date, standfirst
        case keyPointsHeading, keyPoint
        case separator
        case paragraph(update: Int)
        case reaction
        case listHeading(List)
        case listItem(List)
        /// Omitted; a warning names the line.
        case dropped
    }
}
