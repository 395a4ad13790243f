internal import SQLite
internal import Stories

extension SQLiteStore {
    /// Writes, and keeps the answer in the same transaction if that is asked for. Throws `.replayed` where it was done before.
    func write<Value: Sendable>(
        _ once: Once<Value>?, _ body: @escaping @Sendable (Session) throws(StoryError) -> Value
    ) async throws(StoryError) -> Value {
        guard let once else { return try await writer.write(body) }
        return try await writer.write { session throws(StoryError) in
            if let kept = try session.answer(to: once.request, at: self.now()) { throw .replayed(kept) }
            let value = try body(session)
            try session.keep(once.answer(value), to: once.request, at: self.now())
            return value
        }
    }
}

extension Session {
    /// The answer that was given before; throws `.otherRequest` where something else was asked under the same key.
    fileprivate func answer(to request: OnceRequest, at now: Timestamp) throws(StoryError) -> KeptAnswer? {
        let found = try first(
            """
            SELECT fingerprint, status, headers, body FROM answers WHERE holder = ? AND key = ? AND created_at > ?
            """, request.holder, request.key, now.milliseconds - OnceRequest.lifetimeMilliseconds
        ) { row in
            (
                fingerprint: row.withBytes { [UInt8]($0) },
                answer: KeptAnswer(
                    status: Int(row.integer()), headers: row.texts(), body: row.withBytes { [UInt8]($0) })
            )
        }
        guard let found else { return nil }
        guard found.fingerprint == request.fingerprint else { throw .otherRequest }
        return found.answer
    }

    /// Keeps an answer, and lets go of those that are too old.
    fileprivate func keep(
        _ answer: KeptAnswer, to request: OnceRequest, at now: Timestamp
    ) throws(StoryError) {
        try run(
            "DELETE FROM answers WHERE created_at <= ?", now.milliseconds - OnceRequest.lifetimeMilliseconds)
        try run(
            """
            INSERT OR REPLACE INTO answers (holder, key, fingerprint, status, headers, body, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, request.holder, request.key, request.fingerprint, answer.status, column(answer.headers),
            answer.body, now)
    }

    /// Forgets the answers in which an update stands.
    func forgetAnswers(with update: Identifier) throws(StoryError) {
        try run("DELETE FROM answers WHERE instr(body, CAST(? AS BLOB))", update.description)
    }
}
