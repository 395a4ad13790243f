/// What the domain takes at most, each limit named once. Characters are Unicode scalar values,
/// as `maxLength` of JSON Schema counts them.
public enum Limits {
    /// A headline that does not fit here is not a headline.
    public static let titleCharacters = 300
    /// Long enough for a readable address, short enough for a path segment.
    public static let slugCharacters = 100
    /// A standfirst is a paragraph or two, not the story.
    public static let summaryCharacters = 5_000
    /// Names: bylines, authors, sources, credits.
    public static let nameCharacters = 200
    /// A line of a breadcrumb.
    public static let sectionCharacters = 100
    /// Levels of a breadcrumb.
    public static let sections = 10
    /// A key point is a sentence or two.
    public static let keyPointCharacters = 1_000
    /// More than this is a text, not a summary.
    public static let keyPoints = 20
    /// A tag is a word or two.
    public static let tagCharacters = 50
    /// Of a story, and of an update.
    public static let tags = 20
    /// Bytes of UTF-8: some ten thousand words.
    public static let updateBodyBytes = 64 * 1024
    /// Quotes and items of lists within each other: deeper than any article goes. A renderer takes time by the depth of lists for
    /// each blank line.
    public static let markdownDepth = 32
    /// Of a body: a gallery, not a burden. A renderer looks at each image that was begun for each link after it.
    public static let markdownImages = 1_000
    /// Bytes of the HTML of a body: four times the longest body. Prose takes a tenth more than its text, lists of single words four
    /// times as much; markers within markers would take thirty times as much, from each reader.
    public static let updateHTMLBytes = 4 * updateBodyBytes
    /// How far in the past the time of a new schedule may lie: for as long as a request may be on its way, and clocks differ.
    public static let lateMilliseconds: Int64 = 10_000
    /// Why an update was retracted or taken down: a sentence or two.
    public static let strikeReasonCharacters = 1_000
    /// Updates of one batch: what a script has gathered, and one transaction can hold without making others wait.
    public static let batchUpdates = 500
    /// Updates of one import, which is one transaction: more than the longest of live stories has, written in a few tenths of a second.
    public static let importUpdates = 10_000
    /// Updates of a story that are pinned: what stands above all others is in every page, and is no longer on top if it is many.
    public static let pinnedUpdates = 20
    /// Former states that are kept of an update.
    public static let revisions = 200
    /// Of an update.
    public static let sources = 20
    /// Of an update.
    public static let media = 20
    /// Alternative texts and captions.
    public static let captionCharacters = 1_000
    /// Browsers and proxies begin to refuse above this.
    public static let urlCharacters = 2_048
    /// Pixels, of a side.
    public static let mediaPixels = 100_000
    /// Entries of one list of links.
    public static let links = 50
    /// Of one kind, to one thing: more than there are people, and far from what a counter can hold.
    public static let reactionCount = 1_000_000_000_000
    /// A UUID or a hash fits.
    public static let visitorCharacters = 64
    /// Idempotency keys of one client network without an API key: two minutes at the usual rate limit, in which a client has retried.
    public static let idempotencyKeysPerNetwork = 256
    /// Idempotency keys of all networks together: some 20 MB, whatever readers send.
    public static let idempotencyKeysOfNetworks = 20_000
    /// Kinds of reaction that one thing may have been given.
    public static let reactionKinds = 32
    /// Turning points that a page lists beside its updates: more than a reader looks through.
    public static let timelineEntries = 100
    /// Of a body's HTML, read where only a headline is to be made of it: markup and addresses before the first words fit.
    public static let excerptCharacters = 4_096
    /// Removals that a feed for readers tells of: more than a reader fetches between two looks.
    public static let removals = 200
    /// Of a page, whatever is listed.
    public static let pageSize = 1...200
    /// Bytes of the updates of a page: a page of the longest honest bodies has some thirty. What does not fit is on the next page; the
    /// first update is always there.
    public static let pageBytes = 4 * 1024 * 1024
    /// Of a page, where the caller names none.
    public static let defaultPageSize = 50
}
