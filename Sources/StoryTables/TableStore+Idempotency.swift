// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import Database
internal import Stories

extension TableStore {
    /// Writes, and stores the response in the same transaction where there is an idempotency key. Throws `.replayed` where it
    /// was done before, `.otherRequest` and `.takenDown`.
    func write<Value: Sendable>(
        _ idempotency: IdempotentWrite<Value>?,
        _ body: @escaping @Sendable (Transaction) throws(StoryError) -> Value
    ) async throws(StoryError) -> Value {
        guard let idempotency, let key = idempotency.request.key else { return try await engine.write(body) }
        return try await engine.write { transaction throws(StoryError) in
            let responses = IdempotentResponses(transaction, key)
            if let found = try responses.find() {
                guard found.fingerprint == idempotency.request.fingerprint else { throw .otherRequest }
                if let response = found.response { throw .replayed(response) }
                throw .takenDown(members: try transaction.membersTakenDown(by: found.fingerprint))
            }
            let value = try body(transaction)
            try responses.store(
                idempotency.response(value), to: idempotency.request.fingerprint,
                at: self.uptimeMilliseconds())
            return value
        }
    }
}

/// The responses that are stored for an idempotency key.
private struct IdempotentResponses {
    let transaction: Transaction
    let key: IdempotencyKey

    init(_ transaction: Transaction, _ key: IdempotencyKey) {
        self.transaction = transaction
        self.key = key
    }

    private var isOfNetwork: Bool {
        if case .network = key.holder { true } else { false }
    }

    /// How the holder stands in the table: nothing from which a key or an address could be read.
    private var holder: String {
        get throws(StoryError) {
            switch key.holder {
            case .apiKey(let hash): hash
            case .network(let network):
                "network:" + hexadecimal(try transaction.keyedHash(of: "network:" + network))
            }
        }
    }

    /// What was asked under the key, and the response; `nil` where a takedown has erased it.
    func find() throws(StoryError) -> (fingerprint: [UInt8], response: StoredResponse?)? {
        try transaction.first(
            "SELECT fingerprint, erased, status, headers, body FROM stored_responses WHERE holder = ? AND key = ?",
            try holder, key.value
        ) { row in
            let (fingerprint, isErased) = (row.withBytes { [UInt8]($0) }, row.bool())
            let response = StoredResponse(
                status: Int(truncatingIfNeeded: row.integer()), headers: row.texts(),
                body: row.withBytes { [UInt8]($0) })
            return (fingerprint, isErased ? nil : response)
        }
    }

    /// Stores a response, and evicts those that are too old or too many. Age is counted in time that a store was open: a
    /// wall clock that jumps must not make a key unknown.
    func store(
        _ response: StoredResponse, to fingerprint: [UInt8], at uptime: Int64
    ) throws(StoryError) {
        let (holder, oldest) = (try holder, uptime &- IdempotencyKey.lifetimeMilliseconds)
        try transaction.run("DELETE FROM stored_responses WHERE created_at <= ? AND erased = 0", oldest)
        try transaction.run(
            """
            INSERT INTO stored_responses (holder, key, fingerprint, status, headers, body, created_at, number)
            VALUES (?, ?, ?, ?, ?, ?, ?, CASE WHEN ? <> 0 THEN 1 + (SELECT coalesce(max(number), 0) FROM stored_responses WHERE number > 0) END)
            """, holder, key.value, fingerprint, response.status, column(response.headers), response.body,
            uptime, isOfNetwork)
        if isOfNetwork { try bound(holder) }
    }

    /// The oldest go first, of this network and of all.
    private func bound(_ holder: String) throws(StoryError) {
        try transaction.run(
            """
            DELETE FROM stored_responses WHERE holder = ? AND number <= (
                SELECT number FROM stored_responses WHERE holder = ? AND number > 0
                ORDER BY number DESC LIMIT 1 OFFSET ?)
            """, holder, holder, Limits.idempotencyKeysPerNetwork)
        try transaction.run(
            "DELETE FROM stored_responses WHERE number <= (SELECT max(number) FROM stored_responses WHERE number > 0) - ?",
            Limits.idempotencyKeysOfNetworks)
    }
}

extension Transaction {
    /// Erases the responses in which an update stands, and that of the import which made it, where only the story stands. Their keys
    /// and fingerprints stay, so that a retry is not taken for something new. Another request of the same words, which made
    /// another update, keeps its response.
    func eraseResponses(with update: Identifier, of story: Identifier) throws(StoryError) {
        try run(
            """
            UPDATE stored_responses SET erased = 1, headers = '[]', body = ?
            WHERE erased = 0 AND (\(dialect.contains("body", "?")) OR \(dialect.contains("body", "?")) AND fingerprint =
                (SELECT fingerprint FROM takedowns WHERE update_id = ?))
            """, [UInt8](), update.description, story.description, update)
    }

    /// A hash by which something is recognized, but from which it cannot be read: an HMAC under a secret of this database, which is
    /// drawn when it is first needed.
    func keyedHash(of text: String) throws(StoryError) -> [UInt8] {
        let query = "SELECT visitors FROM secrets"
        if let secret = try first(query, read: { $0.withBytes { [UInt8]($0) } }) {
            return hmac(text, key: secret)
        }
        let secret = randomBytes(32)
        try run("INSERT INTO secrets (only_row, visitors) VALUES (1, ?)", secret)
        return hmac(text, key: secret)
    }
}
