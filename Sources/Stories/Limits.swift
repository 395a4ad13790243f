// SPDX-License-Identifier: Apache-2.0
/// All limits of the domain. Characters are Unicode scalar values, as in `maxLength` of JSON Schema.
public enum Limits {
    /// Characters of a headline.
    public static let titleCharacters = 300
    /// Characters of a slug: readable, and short enough for a path segment.
    public static let slugCharacters = 100
    /// Characters of a standfirst: a paragraph or two.
    public static let summaryCharacters = 5_000
    /// Characters of names: bylines, authors, sources, credits.
    public static let nameCharacters = 200
    /// Characters of a breadcrumb entry.
    public static let sectionCharacters = 100
    /// Entries of a breadcrumb.
    public static let sections = 10
    /// Characters of a key point: a sentence or two.
    public static let keyPointCharacters = 1_000
    /// Key points of a story.
    public static let keyPoints = 20
    /// Characters of the line that says how a story ended: a sentence or two.
    public static let endingCharacters = 500
    /// Characters of a note that hands a story over: half a page.
    public static let noteCharacters = 2_000
    /// Notes of a story that are kept.
    public static let notes = 20
    /// Characters of a tag: a word or two.
    public static let tagCharacters = 50
    /// Tags of a story, and of an update.
    public static let tags = 20
    /// UTF-8 bytes of a body: about ten thousand words.
    public static let updateBodyBytes = 64 * 1024
    /// Nesting depth of quotes and lists: deeper than any article. The renderer's time per blank line grows with the depth of
    /// open lists.
    public static let markdownDepth = 32
    /// Images of a body: a gallery. The renderer's time per link grows with the number of images begun before it.
    public static let markdownImages = 1_000
    /// Bytes of a body's HTML: four times the longest body. Prose grows by a tenth, lists of single words fourfold; nested
    /// markers would grow thirtyfold, at the cost of each reader.
    public static let updateHTMLBytes = 4 * updateBodyBytes
    /// How far in the past a new schedule may be: tolerance for network latency and clock skew.
    public static let lateMilliseconds: Int64 = 10_000
    /// Characters of the reason of a retraction or takedown: a sentence or two.
    public static let strikeReasonCharacters = 1_000
    /// Updates of a batch, written in one transaction that must not block other writers for long.
    public static let batchUpdates = 500
    /// Updates of a move, written in one transaction with all that hangs on them.
    public static let movedUpdates = 200
    /// Updates of an import, one transaction, for which other writes wait: about half a second for 10,000 on SQLite and three for as many as
    /// this, on PostgreSQL one and four. Beyond ten other nodes give up.
    public static let importUpdates = 50_000
    /// Pinned updates of a story: all of them are in every page.
    public static let pinnedUpdates = 20
    /// Revisions retained per update.
    public static let revisions = 200
    /// UTF-8 bytes of an autosave: the longest update with its media, as a form has it.
    public static let autosaveBytes = 256 * 1024
    /// Autosaves of a story and key.
    public static let autosaves = 20
    /// How long an autosave is kept that is not saved again: 30 days.
    public static let autosaveMilliseconds: Int64 = 30 * 24 * 60 * 60 * 1_000
    /// Open forms of an update that are kept.
    public static let presences = 20
    /// How long a form counts as open that is not heard of again: half a minute.
    public static let presenceMilliseconds: Int64 = 30_000
    /// How long the address of a preview lasts: an hour.
    public static let previewMilliseconds: Int64 = 60 * 60 * 1_000
    /// Addresses that are looked at in one request.
    public static let checkedLinks = 20
    /// Snippets of the site: more are not found in a menu.
    public static let snippets = 50
    /// Characters of the name of a snippet.
    public static let snippetNameCharacters = 60
    /// Characters of a snippet: the frame of a text, not a text.
    public static let snippetCharacters = 5_000
    /// Sources of an update.
    public static let sources = 20
    /// Media of an update.
    public static let media = 20
    /// Characters of alt texts and captions.
    public static let captionCharacters = 1_000
    /// Characters of a URL: browsers and proxies begin to reject longer ones.
    public static let urlCharacters = 2_048
    /// Uses of a media asset that are named when it cannot be deleted.
    public static let mediaUsesNamed = 100
    /// Pixels of an image's side.
    public static let mediaPixels = 100_000
    /// Entries of a list of links.
    public static let links = 50
    /// Reactions of one kind to a story or update: more than there are people, far below the counter's overflow.
    public static let reactionCount = 1_000_000_000_000
    /// Characters of a visitor id: a UUID or a hash fits.
    public static let visitorCharacters = 64
    /// Idempotency keys retained per client network without an API key: two minutes of writes at the default rate limit,
    /// enough for retries.
    public static let idempotencyKeysPerNetwork = 256
    /// Idempotency keys retained for all networks together, about 20 MB. The oldest are evicted.
    public static let idempotencyKeysOfNetworks = 20_000
    /// Kinds of reactions stored per story or update.
    public static let reactionKinds = 32
    /// Key events in the timeline beside a page of updates.
    public static let timelineEntries = 100
    /// Characters of a body's HTML that are read to derive a headline: markup and URLs before the first words fit.
    public static let excerptCharacters = 4_096
    /// Tombstones in a feed: more than occur between two polls of a feed reader.
    public static let removals = 200
    /// Incidents of a status page.
    public static let incidents = 50
    /// Updates of an incident on a status page.
    public static let incidentUpdates = 50
    /// Bytes of the updates of an incident on a status page: all fifty, unless they are articles. The first is always included.
    public static let incidentBytes = 512 * 1024
    /// Webhooks.
    public static let webhooks = 100
    /// Seconds within which events of a story are delivered as one, at most a day.
    public static let webhookCoalesceSeconds = 0...86_400
    /// Bytes of a webhook's secret, by Standard Webhooks.
    public static let webhookSecretBytes = 24...64
    /// For so long former keys of a webhook are used beside the present ones: a day.
    public static let webhookRotationMilliseconds: Int64 = 86_400_000
    /// Former keys of a webhook that are used at most, so that the signatures fit into a header field.
    public static let webhookFormerKeys = 3
    /// Ended deliveries retained per webhook.
    public static let webhookDeliveries = 1_000
    /// Milliseconds for which they are retained: a week.
    public static let webhookDeliveryMilliseconds: Int64 = 7 * 86_400_000
    /// Deliveries of a webhook that wait; beyond it the oldest fail.
    public static let webhookDeliveriesWaiting = 10_000
    /// Cards of an update: more would be a list of links.
    public static let cards = 5
    /// Characters of a card's description: a few sentences, or a post.
    public static let cardDescriptionCharacters = 500
    /// Cards that wait to be looked up; beyond it addresses remain links.
    public static let cardsWaiting = 1_000
    /// Updates that get a card in one transaction, so that posts of editors get in between.
    public static let cardUpdatesPerTransaction = 100
    /// After so many milliseconds a card that could not be found is looked up again for a new update: an hour.
    public static let cardRetryMilliseconds: Int64 = 3_600_000
    /// Push subscriptions of one story.
    public static let pushSubscriptions = 100_000
    /// Notifications that are looked at for one claim: more than are sent at a time.
    public static let pushNotificationsRead = 100
    /// Bytes of a push subscription's endpoint; those of push services have up to about 500.
    public static let pushEndpointBytes = 2_048
    /// For so long after it was asked for, a notification is sent and held by push services: four hours, after which it is no news.
    public static let pushLifetimeMilliseconds: Int64 = 4 * 3_600_000
    /// Notifications in a row that could not be sent to a subscription, after which it is removed.
    public static let pushFailures = 5
    /// For so long after the closing of a story its push subscriptions are kept, as it may be opened again: a week.
    public static let pushKeptMilliseconds: Int64 = 7 * 86_400_000
    /// Characters of the name of the site.
    public static let siteNameCharacters = 100
    /// Links of the site's navigation, and of its footer: a line or two.
    public static let siteLinks = 20
    /// Characters of the words of such a link.
    public static let siteLabelCharacters = 50
    /// Characters of the imprint: a line or two.
    public static let imprintCharacters = 500
    /// Bytes of a font: a variable one with Latin, Greek and Cyrillic.
    public static let fontBytes = 512 * 1_024
    /// Fonts of the site: three that are used, and those of some revisions.
    public static let fonts = 24
    /// Bytes of the site's own style, which is in every page.
    public static let cssBytes = 32 * 1_024
    /// Pixels of the radius of corners.
    public static let radiusPixels = 0...32
    /// Scripts of third parties.
    public static let siteSlots = 8
    /// Revisions retained of the settings of the site.
    public static let siteRevisions = 100
    /// Page size of any list.
    public static let pageSize = 1...200
    /// Bytes of the updates in a page: about thirty of the longest realistic bodies. Updates beyond it are on the next page;
    /// the first update is always included.
    public static let pageBytes = 4 * 1024 * 1024
    /// Hours of an outline: six weeks, if something is published in each.
    public static let outlineHours = 1_000
    /// Characters of a search.
    public static let searchCharacters = 200
    /// Stories of each status that one search of the index looks at; the next page goes on from there.
    public static let searchedIndexStories = 1_000
    /// Bytes of updates that one request searches, so that it does not hold a reader for long; the next page goes on from there.
    public static let searchedBytes = 4 * 1024 * 1024
    /// Stories that a search in all of them looks at, those that were changed last.
    public static let searchedStories = 500
    /// Default page size.
    public static let defaultPageSize = 50
}
