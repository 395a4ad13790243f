// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// Renders again the bodies of updates, drafts and deleted updates whose stored form is not the renderer's; returns their number.
    /// Sequence numbers and timestamps are kept. If any HTML changes, the database gets a new epoch, which invalidates entity tags and
    /// cursors. Runs in many short transactions, and resumes after an interruption.
    public func rerenderBodies() async throws(StoryError) -> Int {
        let form = renderer.bodyForm
        _ = try await engine.write { transaction throws(StoryError) in
            try transaction.run(
                "UPDATE markup SET form = ?, updates_to = -1, drafts_to = -1, bin_to = -1 WHERE form <> ?",
                form, form)
        }
        var count = 0
        for table in BodyTable.allCases {
            while let bodies = try await nextBodies(of: table) {
                let html = try await renderer.rerenderedHTML(of: bodies.map(\.text))
                _ = try await engine.write { transaction throws(StoryError) in
                    var changed = 0
                    for (body, html) in zip(bodies, html) {
                        changed += try transaction.keep(
                            self.renderer.html(html, placedIn: body.story), of: body, in: table, self.renderer
                        )
                    }
                    if changed > 0 {
                        try transaction.run(
                            "UPDATE database_epoch SET epoch = ?", Int64.random(in: .min ... .max))
                    }
                    try transaction.run("UPDATE markup SET \(table)_to = ?", bodies[bodies.count - 1].key)
                }
                count += bodies.count
            }
        }
        return count
    }

    /// Returns the next batch of bodies to render, or `nil` if none are left.
    private func nextBodies(of table: BodyTable) async throws(StoryError) -> [StoredBody]? {
        let bodies = try await engine.read { transaction throws(StoryError) in
            try transaction.rows(
                """
                SELECT t.key, s.id, t.body FROM \(table) AS t JOIN stories AS s ON s.key = t.story
                WHERE t.key > (SELECT \(table)_to FROM markup) ORDER BY t.key LIMIT \(Self.bodiesPerTransaction)
                """
            ) { StoredBody(key: $0.integer(), story: $0.identifier(), text: $0.text()) }
        }
        return bodies.isEmpty ? nil : bodies
    }

    private static let bodiesPerTransaction = 100
}

private enum BodyTable: String, CaseIterable, CustomStringConvertible {
    case updates, drafts, bin

    var description: String { rawValue }
}

private struct StoredBody: Sendable {
    let key: Int64
    let story: Identifier
    let text: String
}

extension Transaction {
    /// Stores the HTML of a body unless the body has changed meanwhile. Returns the number of rows changed: 0 if the HTML is the same.
    fileprivate func keep(
        _ html: String, of body: StoredBody, in table: BodyTable, _ renderer: UpdateRenderer
    ) throws(StoryError) -> Int {
        let changed = try changes(
            "UPDATE \(table) SET body_html = ? WHERE key = ? AND body = ? AND body_html <> ?", html, body.key,
            body.text,
            html)
        guard table == .updates, changed > 0 else { return changed }
        let row = try first(
            "SELECT \(UpdateRow.columns), u.story FROM updates AS u WHERE u.key = ?", body.key
        ) { (UpdateRow(&$0), $0.integer()) }
        guard let (row, story) = row else { return changed }
        try keepRendition(of: row.update, story: story, firstSeq: row.firstSeq, renderer)
        return changed
    }
}
