// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import Database
internal import Stories

extension TableStore {
    /// Runs `body` in a write transaction that also stores the response if there is an idempotency key. Throws `.replayed` if the
    /// write was done before, `.otherRequest` if the key was used for another request, and `.takenDown`. If what was done then is not current
    /// any more, it is done again.
    func write<Value: Sendable>(
        _ idempotency: IdempotentWrite<Value>?,
        _ body: @escaping @Sendable (Transaction) throws(StoryError) -> Value,
        isCurrent: @escaping @Sendable (Transaction) throws(StoryError) -> Bool = {
            _ throws(StoryError) in true
        }
    ) async throws(StoryError) -> Value {
        guard let idempotency, let key = idempotency.request.key else { return try await engine.write(body) }
        return try await engine.write { transaction throws(StoryError) in
            let responses = IdempotentResponses(transaction, key)
            if let found = try responses.find() {
                guard found.fingerprint == idempotency.request.fingerprint else { throw .otherRequest }
                guard let response = found.response else {
                    throw .takenDown(members: try transaction.membersTakenDown(by: found.fingerprint))
                }
                if try isCurrent(transaction) { throw .replayed(response) }
                try responses.forget()
            }
            let value = try body(transaction)
            try responses.store(
                idempotency.response(value), to: idempotency.request.fingerprint,
                at: self.uptimeMilliseconds())
            return value
        }
    }
}

/// The responses stored by idempotency key.
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

    /// The holder as stored: a hash, which reveals neither API key nor network.
    private var holder: String {
        get throws(StoryError) {
            switch key.holder {
            case .apiKey(let hash): hash
            case .network(let network):
                "network:" + hexadecimal(try transaction.keyedHash(of: "network:" + network))
            }
        }
    }

    /// Returns the fingerprint of the key's request and its response, `nil` if a takedown has erased it.
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

    /// Deletes the key with its response.
    func forget() throws(StoryError) {
        try transaction.run(
            "DELETE FROM stored_responses WHERE holder = ? AND key = ?", try holder, key.value)
    }

    /// Stores a response, and evicts expired and surplus ones. Age is measured in time that a store was open, so that a jump of
    /// the wall clock does not expire keys.
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

    /// Evicts the oldest responses beyond the limits, per network and for all networks.
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
    /// Erases the responses that contain an update, and that of the import which created it, which contains only the story. Keys and
    /// fingerprints are kept, so that a retry is not taken for a new request. An identical request that created another update
    /// keeps its response.
    func eraseResponses(with update: Identifier, of story: Identifier) throws(StoryError) {
        try run(
            """
            UPDATE stored_responses SET erased = 1, headers = '[]', body = ?
            WHERE erased = 0 AND (\(dialect.contains("body", "?")) OR \(dialect.contains("body", "?")) AND fingerprint =
                (SELECT fingerprint FROM takedowns WHERE update_id = ?))
            """, [UInt8](), update.description, story.description, update)
    }

    /// Returns a pseudonym for `text`: its HMAC under a secret of this database, which is generated on first use.
    func keyedHash(of text: String) throws(StoryError) -> [UInt8] {
        hmac(text, key: try visitorsSecret())
    }

    private func visitorsSecret() throws(StoryError) -> [UInt8] {
        if let known = cache?.secret { return known }
        let stored = try first("SELECT visitors FROM secrets", read: { $0.withBytes { [UInt8]($0) } })
        let secret = stored ?? randomBytes(32)
        if stored == nil { try run("INSERT INTO secrets (only_row, visitors) VALUES (1, ?)", secret) }
        cache?.keep(secret: secret)
        return secret
    }
}
