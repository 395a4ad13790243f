// SPDX-License-Identifier: Apache-2.0
// The read model of status pages: stories with the tag `incident`, and the course of each by the tags of its updates. Tags are
// compared by their keys (``Tag/key(_:)``).

/// How far an incident has come: the tags by which its updates report it, in the order of an incident's course.
public enum IncidentStatus: String, Hashable, Sendable, CaseIterable, Comparable {
    case investigating, identified, monitoring, resolved

    /// The order of an incident's course.
    public static func < (left: IncidentStatus, right: IncidentStatus) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .investigating: 0
        case .identified: 1
        case .monitoring: 2
        case .resolved: 3
        }
    }
}

/// How much an incident affects: the tags by which its story states it, in ascending order.
public enum IncidentImpact: String, Hashable, Sendable, CaseIterable, Comparable {
    case minor, major, critical

    /// Ascending order.
    public static func < (left: IncidentImpact, right: IncidentImpact) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .minor: 0
        case .major: 1
        case .critical: 2
        }
    }
}

/// A published update that reported a status.
public struct IncidentReport: Hashable, Sendable {
    /// The status reported.
    public var status: IncidentStatus
    /// When the update was published.
    public var publishedAt: Timestamp
    /// The id of the update: the tie-breaker of updates published at the same time.
    public var update: Identifier

    /// Memberwise.
    public init(_ status: IncidentStatus, publishedAt: Timestamp, update: Identifier) {
        self.status = status
        self.publishedAt = publishedAt
        self.update = update
    }

    /// Whether it was published after another report; of reports by one update, whether it is the further one.
    fileprivate func isLater(than other: IncidentReport) -> Bool {
        (publishedAt, update, status) > (other.publishedAt, other.update, other.status)
    }
}

/// What has been said about an incident: its latest updates, and what earlier ones reported.
public struct IncidentHistory: Hashable, Sendable {
    /// An update, with the status of the incident as of then.
    public struct Entry: Hashable, Sendable {
        /// The update.
        public var update: Update
        /// The status that it reports; of one that reports none, that of the incident when it was published.
        public var status: IncidentStatus
    }

    /// The latest updates, newest first: at most ``Limits/incidentUpdates``, fewer where they are large.
    public let entries: [Entry]
    /// The latest report of any status.
    public let last: IncidentReport?
    /// The latest report that the incident is being monitored.
    public let lastMonitoring: IncidentReport?

    /// Derives the course of an incident.
    ///
    /// - Parameters:
    ///   - updates: the latest updates, newest first.
    ///   - earlier: of the updates before those, the latest report of each status.
    public init(_ updates: [Update], earlier: [IncidentReport] = []) {
        var last = earlier.max { $1.isLater(than: $0) }
        var lastMonitoring = earlier.first { $0.status == .monitoring }
        var entries: [Entry] = []
        for update in updates.reversed() {
            let statuses = IncidentStatus.named(by: update.content.tags)
            let current = statuses.max()
            entries.append(Entry(update: update, status: current ?? last?.status ?? .investigating))
            // What was retracted is no longer said.
            guard let current, update.stricken == nil else { continue }
            last = IncidentReport(current, publishedAt: update.publishedAt, update: update.id)
            if statuses.contains(.monitoring) {
                lastMonitoring = IncidentReport(
                    .monitoring, publishedAt: update.publishedAt, update: update.id)
            }
        }
        self.entries = entries.reversed()
        (self.last, self.lastMonitoring) = (last, lastMonitoring)
    }
}

/// A story that readers see, with the tag ``tag``.
public struct Incident: Hashable, Sendable {
    /// The tag that makes a story an incident.
    public static let tag = "incident"

    /// The story.
    public var story: Story
    /// When the story, its updates or its links last changed for readers.
    public var activeAt: Timestamp
    /// The version of the story and of all its parts, which changes with each of them.
    public var version: Version
    /// Its history; `nil` if the caller has that of this version.
    public var history: IncidentHistory?

    /// Memberwise.
    public init(story: Story, activeAt: Timestamp, version: Version, history: IncidentHistory?) {
        self.story = story
        self.activeAt = activeAt
        self.version = version
        self.history = history
    }

    /// The highest impact that the story's tags state; minor by default. It stays when the incident is resolved.
    public var impact: IncidentImpact { IncidentImpact.named(by: story.content.tags).max() ?? .minor }
}

extension Incident {
    /// Returns the status: resolved once the story is closed, and before that what was reported last.
    public func status(by history: IncidentHistory) -> IncidentStatus {
        story.content.status == .closed ? .resolved : history.last?.status ?? .investigating
    }

    /// Returns when it was resolved: when the story was closed, or the report was published. `nil` while it is not.
    public func resolvedAt(by history: IncidentHistory) -> Timestamp? {
        if story.content.status == .closed { return story.closedAt ?? story.modifiedAt }
        guard let last = history.last, last.status == .resolved else { return nil }
        return last.publishedAt
    }
}

extension Story {
    /// When readers could first see it: the order of incidents.
    public var shownAt: Timestamp { publishedAt ?? createdAt }
}

/// The incidents of a status page, newest first: the latest ``Limits/incidents``, and the latest as many of those that are not closed.
public struct IncidentList: Hashable, Sendable {
    /// By ``Story/shownAt``, then by id.
    public var incidents: [Incident]
    /// When the database was created, which a page without incidents has not changed since.
    public var createdAt: Timestamp

    /// Memberwise.
    public init(incidents: [Incident], createdAt: Timestamp) {
        self.incidents = incidents
        self.createdAt = createdAt
    }
}

extension CaseIterable where Self: RawRepresentable, RawValue == String {
    /// Returns the cases that tags name.
    fileprivate static func named(by tags: [String]) -> [Self] {
        let keys = tags.map(Tag.key)
        return allCases.filter { name in keys.contains { $0.hasSameBytes(as: name.rawValue) } }
    }
}
