// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``SnippetStore``.
    public func snippets(access: Access) async throws(StoryError) -> Versioned<[Snippet]> {
        _ = try access.requireKey()
        return try await engine.read { transaction throws(StoryError) in try transaction.snippets() }
    }

    /// See ``SnippetStore``.
    public func replaceSnippets(
        with snippets: [Snippet], if precondition: Precondition, access: Access
    ) async throws(StoryError) -> Versioned<[Snippet]> {
        try access.requireSnippets()
        return try await engine.write { transaction throws(StoryError) in
            let (present, now) = (try transaction.snippets(), self.now())
            try precondition.check(.snippets(present))
            guard present.value != snippets else { return present }
            // By chance: also after the list was empty no former version comes back.
            let version = Int64.random(in: 1...1 << 53)
            try transaction.run("DELETE FROM snippets")
            for (position, snippet) in snippets.enumerated() {
                try transaction.run(
                    "INSERT INTO snippets (position, name, text, version) VALUES (?, ?, ?, ?)", position,
                    snippet.name, snippet.text, version)
            }
            try transaction.record(.replaceSnippets, by: try access.requireKey().actor, at: now)
            return Versioned(snippets, Version(epoch: present.version.epoch, seq: version))
        }
    }
}

extension Transaction {
    /// The list, of version 0 while it is empty.
    fileprivate func snippets() throws(StoryError) -> Versioned<[Snippet]> {
        let epoch = try first("SELECT epoch FROM database_epoch") { UInt64(bitPattern: $0.integer()) }
        let rows = try rows("SELECT name, text, version FROM snippets ORDER BY position") { row in
            (snippet: Snippet(name: row.text(), text: row.text()), version: row.integer())
        }
        return Versioned(rows.map(\.snippet), Version(epoch: epoch ?? 0, seq: rows.first?.version ?? 0))
    }
}
