// SPDX-License-Identifier: Apache-2.0
/// Where readers find stories, the oldest story first: a stretch of those that they may see.
public struct StoryAddresses: Hashable, Sendable {
    /// The address of a story.
    public struct Entry: Hashable, Sendable {
        /// Its present slug.
        public var slug: Slug
        /// When it or one of its updates last changed.
        public var changedAt: Timestamp

        /// Memberwise.
        public init(slug: Slug, changedAt: Timestamp) {
            (self.slug, self.changedAt) = (slug, changedAt)
        }
    }

    /// The stretch.
    public var entries: [Entry]
    /// How many there are in all.
    public var count: Int

    /// Memberwise.
    public init(entries: [Entry], count: Int) {
        (self.entries, self.count) = (entries, count)
    }
}
