// SPDX-License-Identifier: Apache-2.0
import Stories
import Support
import Testing

/// The course of an incident by the tags of its updates and its story, without a store.
@Suite("Incidents")
struct IncidentTests {
    private static func time(_ number: Int) -> Timestamp { Timestamp(milliseconds: Int64(number) * 1_000) }

    /// Returns updates from their tags, oldest first, newest first as histories take them. A leading `-` retracts an update.
    private static func updates(_ tags: [String]) -> [Update] {
        tags.enumerated().map { index, text in
            let names = text.drop { $0 == "-" }.split(separator: " ").map(String.init)
            return Update(
                id: .make(UInt64(index) + 1), seq: Int64(index + 2), content: .make { $0.tags = names },
                bodyHtml: "", edited: false, publishedAt: time(index + 1), createdAt: time(index + 1),
                modifiedAt: time(index + 1),
                stricken: text.hasPrefix("-") ? Strike(reason: "x", at: time(100)) : nil)
        }.reversed()
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        /// The tags of the updates, and the statuses shown for them, oldest first.
        let tags: [String]
        let shown: [IncidentStatus]
        let status: IncidentStatus
        var monitoring: Int?
        var resolved: Int?
        var testDescription: String { name }
    }

    private static let rows = [
        Row(name: "no updates", tags: [], shown: [], status: .investigating),
        Row(
            name: "no tags", tags: ["", "other"], shown: [.investigating, .investigating],
            status: .investigating),
        Row(
            name: "the whole course", tags: ["investigating", "identified", "monitoring", "resolved"],
            shown: [.investigating, .identified, .monitoring, .resolved], status: .resolved, monitoring: 3,
            resolved: 4),
        Row(
            name: "letter case, white space and invisible characters do not count",
            tags: ["IDENTIFIED", "Moni\u{AD}toring"], shown: [.identified, .monitoring], status: .monitoring,
            monitoring: 2),
        Row(
            name: "an update without a status keeps that of the incident", tags: ["", "identified", "x", ""],
            shown: [.investigating, .identified, .identified, .identified], status: .identified),
        Row(
            name: "the latest decides, not the furthest", tags: ["resolved", "monitoring", "identified"],
            shown: [.resolved, .monitoring, .identified], status: .identified, monitoring: 2),
        Row(
            name: "of several tags of an update the furthest counts", tags: ["resolved monitoring x"],
            shown: [.resolved], status: .resolved, monitoring: 1, resolved: 1),
        Row(
            name: "a retracted update keeps its status but does not decide",
            tags: ["identified", "-resolved", ""], shown: [.identified, .resolved, .identified],
            status: .identified),
        Row(
            name: "the latest of two reports of the same status counts",
            tags: ["monitoring", "monitoring", "resolved", "resolved", ""],
            shown: [.monitoring, .monitoring, .resolved, .resolved, .resolved], status: .resolved,
            monitoring: 2, resolved: 4),
    ]

    private func incident(
        _ history: IncidentHistory, _ status: StoryStatus = .live, tags: [String] = []
    ) -> Incident {
        var content = StoryContent(title: "x")
        (content.status, content.tags) = (status, tags)
        let story = Story(
            id: .make(1), slug: Slug(stored: "x"), content: content, publishedAt: Self.time(1),
            createdAt: Self.time(0), modifiedAt: Self.time(50),
            closedAt: status == .closed ? Self.time(40) : nil, seq: 1, updateCount: 0)
        return Incident(
            story: story, activeAt: Self.time(50), version: Version(epoch: 1, seq: 1), history: history)
    }

    @Test("Tags of updates decide the status", arguments: rows)
    func course(row: Row) {
        let history = IncidentHistory(Self.updates(row.tags))
        #expect(history.entries.map(\.status).reversed() == row.shown)
        #expect(history.entries.map(\.update.seq) == row.tags.indices.reversed().map { Int64($0 + 2) })
        let incident = incident(history)
        #expect(incident.status(by: history) == row.status)
        #expect(history.lastMonitoring?.publishedAt == row.monitoring.map(Self.time))
        #expect(incident.resolvedAt(by: history) == row.resolved.map(Self.time))
    }

    @Test("A closed story is resolved, as of its closing, whatever its updates say", arguments: rows)
    func closed(row: Row) {
        let history = IncidentHistory(Self.updates(row.tags))
        let incident = incident(history, .closed)
        #expect(incident.status(by: history) == .resolved)
        #expect(incident.resolvedAt(by: history) == Self.time(40))
    }

    @Test("Reports of earlier updates count until a later one reports")
    func earlier() {
        func report(_ status: IncidentStatus, _ time: Int) -> IncidentReport {
            IncidentReport(status, publishedAt: Self.time(-time), update: .make(1))
        }
        let earlier = [report(.investigating, 9), report(.monitoring, 5), report(.identified, 3)]
        let silent = IncidentHistory(Self.updates(["", ""]), earlier: earlier)
        #expect(silent.entries.map(\.status) == [.identified, .identified])
        #expect(silent.last == report(.identified, 3) && silent.lastMonitoring == report(.monitoring, 5))
        let saying = IncidentHistory(Self.updates(["", "monitoring"]), earlier: earlier)
        #expect(saying.entries.map(\.status) == [.monitoring, .identified])
        #expect(saying.lastMonitoring?.publishedAt == Self.time(2))
        let both = IncidentHistory([], earlier: [report(.resolved, 1), report(.monitoring, 1)])
        #expect(both.last?.status == .resolved, "of one update, the furthest")
    }

    @Test(
        "The highest impact among the tags of the story counts, minor by default",
        arguments: [
            ([], .minor), (["other"], .minor), (["minor"], .minor), (["Major", "minor"], .major),
            (["CRITICAL", "major"], .critical), (["mino", "majors"], .minor),
        ] as [([String], IncidentImpact)])
    func impact(tags: [String], impact: IncidentImpact) {
        #expect(incident(IncidentHistory([]), tags: tags).impact == impact)
    }
}
