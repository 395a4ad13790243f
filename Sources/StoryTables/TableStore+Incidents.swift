// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``StoryStore``.
    public func incidents(
        knowing known: [Identifier: Version]
    ) async throws(StoryError) -> IncidentList {
        try await engine.read { transaction throws(StoryError) in
            var incidents: [Incident] = []
            for row in try transaction.incidentRows() {
                let isKnown = known[row.story.id] == row.cursor
                incidents.append(
                    Incident(
                        story: row.story, activeAt: row.activeAt, version: row.cursor,
                        history: isKnown ? nil : try transaction.incidentHistory(of: row)))
            }
            let createdAt = try transaction.first("SELECT created_at FROM database_epoch") { $0.timestamp() }
            return IncidentList(incidents: incidents, createdAt: createdAt ?? Timestamp(milliseconds: 0))
        }
    }
}

extension Transaction {
    /// Returns the latest incidents, then the latest of those not closed that are older.
    fileprivate func incidentRows() throws(StoryError) -> [StoryRow] {
        let latest = try incidentRows(nil)
        guard latest.count == Limits.incidents else { return latest }
        let found = Set(latest.map(\.key))
        return latest + (try incidentRows(.live).filter { !found.contains($0.key) })
    }

    private func incidentRows(_ status: StoryStatus?) throws(StoryError) -> [StoryRow] {
        try rows(
            """
            SELECT \(StoryRow.columns) FROM stories
            WHERE status = coalesce(?, status) AND status <> 'draft'
                AND EXISTS (SELECT 1 FROM \(dialect.items("tag_keys")) WHERE value = ?)
            ORDER BY coalesce(published_at, created_at) DESC, id DESC LIMIT ?
            """, status?.rawValue, Incident.tag, Limits.incidents
        ) { StoryRow(&$0) }
    }

    fileprivate func incidentHistory(of story: StoryRow) throws(StoryError) -> IncidentHistory {
        let query = SnapshotQuery(limit: Limits.incidentUpdates)
        let (updates, hasMore) = try page(
            of: story, query, seenAt: story.cursor, UpdateRow.selection, bytes: Limits.incidentBytes
        ) {
            UpdateRow(&$0).update
        }
        guard hasMore, let oldest = updates.last else { return IncidentHistory(updates) }
        var earlier: [IncidentReport] = []
        for status in IncidentStatus.allCases {
            if let report = try lastReport(status, of: story, before: oldest) { earlier.append(report) }
        }
        return IncidentHistory(updates, earlier: earlier)
    }

    /// Returns the latest report of a status before an update, by an update that is not retracted.
    private func lastReport(
        _ status: IncidentStatus, of story: StoryRow, before update: Update
    ) throws(StoryError) -> IncidentReport? {
        try first(
            """
            SELECT t.published_at, t.id FROM update_tags AS t JOIN updates AS u ON u.key = t.update_key
            WHERE t.story = ? AND t.tag = ? AND (t.published_at, t.id) < (?, ?) AND u.stricken_at IS NULL
            ORDER BY t.published_at DESC, t.id DESC LIMIT 1
            """, story.key, status.rawValue, update.publishedAt, update.id
        ) { IncidentReport(status, publishedAt: $0.timestamp(), update: $0.identifier()) }
    }
}
