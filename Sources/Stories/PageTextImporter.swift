/// A live page saved as text, in the domain's terms. Pure: no ids, no clock.
///
/// The page, top to bottom; all but the title may be missing, and blank lines mean nothing anywhere:
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
/// No line is lost in silence: each is kept in a member, or is named in `warnings`.
public struct PageTextImporter: Sendable, Equatable {
    /// The title of line 2, without the crumbs and the site that surround it on line 1.
    public var title: String
    /// The crumbs before the title: `["Home", "Contact"]`.
    public var section: [String] = []
    /// Who signs the page, without the label `View`.
    public var byline: String?
    /// The standfirst as plain text, paragraphs joined by a blank line.
    public var summary: String?
    /// The site that the copy was taken from.
    public var sourceName: String?
    /// When the copy was taken, in milliseconds since 1970 UTC. Says nothing of when an update happened.
    public var sourceDateMilliseconds: Int64?
    /// The key points as plain text, without their dashes.
    public var keyPoints: [String] = []
    /// The updates' bodies as CommonMark, newest first as on the page.
    public var updates: [String] = []
    /// The count of each kind of reaction.
    public var reactions: ReactionCounts = [:]
    /// Titles under `Related`, exact repeats dropped.
    public var related: [String] = []
    /// Titles under `Ranking`, exact repeats dropped.
    public var ranking: [String] = []
    /// Titles under `Recommendation`, exact repeats dropped.
    public var recommendation: [String] = []
    /// What was left out, and what was kept without certainty, in the page's order.
    public var warnings: [Warning] = []

    /// Makes a page that has a title and nothing else.
    public init(title: String) {
        self.title = title
    }

    /// Reads a page in time linear in its length.
    public static func parse(_ text: String) throws(ParseError) -> PageTextImporter {
        try read(text).page
    }

    /// The same with the places of what it holds.
    public static func read(_ text: String) throws(ParseError) -> (page: PageTextImporter, places: Places) {
        let reader = try Reader.read(text)
        return (reader.page, Places(reader))
    }
}

extension PageTextImporter {
    /// Something about a line that whoever imports the page should know.
    public struct Warning: Sendable, Hashable {
        /// The line's number, from 1.
        public var line: Int
        /// What happened to the line, and why.
        public var detail: String

        /// Makes a warning about a line.
        public init(line: Int, detail: String) {
            self.line = line
            self.detail = detail
        }
    }

    /// Why a text is not a live page.
    public enum ParseError: Error, Hashable, CustomStringConvertible {
        /// Nothing but white space.
        case empty
        /// The page's title should stand on this line, and something else does.
        case noTitle(line: Int)
        /// It is no text, but something that a program reads.
        case notText(OtherForm)

        /// The problem, for whoever sent the page.
        public var description: String {
            switch self {
            case .empty: "the page is empty"
            case .noTitle(let line): "the page has no title: line \(line) holds something else"
            case .notText(let form): form.description
            }
        }
    }

    /// The lists of titles at a page's end, each named as its heading is in lower case.
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

    /// What the parser took a line for. Each line has one role, and `.blank` is for blank lines alone:
    /// that is how the tests hold the parser to losing nothing.
    enum LineRole: Equatable, Sendable {
        case blank, breadcrumb, title, byline, date, standfirst
        case keyPointsHeading, keyPoint
        case separator
        case paragraph(update: Int)
        case reaction
        case listHeading(List)
        case listItem(List)
        /// Kept nowhere; a warning names the line.
        case dropped
    }
}
