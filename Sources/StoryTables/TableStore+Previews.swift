// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import Database
public import Stories

extension TableStore {
    /// See ``PreviewStore``.
    public func previewToken(
        of story: StoryReference, update: Identifier?, access: Access
    ) async throws(StoryError) -> (token: String, preview: Preview) {
        try await engine.write { transaction throws(StoryError) in
            let row = try transaction.writableStory(story, for: access)
            if let update, try transaction.findEditorRow(update, of: row, for: access) == nil {
                throw .notFound(.update)
            }
            let now = self.now()
            let preview = Preview(
                story: row.story.id, update: update,
                expiresAt: Timestamp(milliseconds: now.milliseconds + Limits.previewMilliseconds),
                isOfDraft: row.story.content.status == .draft, key: try access.requireKey().actor.key)
            try transaction.record(
                .createPreview, by: access, at: now, story: row.story.id, update: update)
            return (preview.claim + "." + (try transaction.seal(of: preview)), preview)
        }
    }

    /// See ``PreviewStore``.
    public func preview(_ token: String) async throws(StoryError) -> Preview? {
        guard let (preview, seal) = Preview.parse(token), preview.expiresAt > now() else { return nil }
        return try await engine.read { transaction throws(StoryError) in
            // Without a secret no token was ever made.
            guard try transaction.first("SELECT 1 FROM secrets", read: { _ in true }) != nil else {
                return nil
            }
            let isGenuine = equalInConstantTime(
                Array(seal.utf8), Array(try transaction.seal(of: preview).utf8))
            guard isGenuine, try transaction.isStillMeant(preview) else { return nil }
            return preview
        }
    }
}

extension Preview {
    /// The text that is authenticated.
    fileprivate var claim: String {
        let status = isOfDraft ? "draft" : "shown"
        return "\(story).\(update?.description ?? "-").\(expiresAt.milliseconds).\(status).\(key)"
    }

    /// Parses a token: a claim and its seal.
    fileprivate static func parse(_ token: String) -> (preview: Preview, seal: String)? {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard parts.count == 6, let story = Identifier(parts[0]), let end = Int64(parts[2]) else {
            return nil
        }
        let preview = Preview(
            story: story, update: Identifier(parts[1]), expiresAt: Timestamp(milliseconds: end),
            isOfDraft: parts[3].hasSameBytes(as: "draft"), key: parts[4])
        guard preview.claim.utf8.elementsEqual(parts[..<5].joined(separator: ".").utf8) else { return nil }
        return (preview, parts[5])
    }
}

extension Transaction {
    /// Whether the story is there and was not hidden, and the key not revoked, since the address of a preview was made. The key of the
    /// configuration is in no table.
    fileprivate func isStillMeant(_ preview: Preview) throws(StoryError) -> Bool {
        guard let row = try story(.id(preview.story)) else { return false }
        guard preview.isOfDraft || row.story.content.status != .draft else { return false }
        if preview.key.hasSameBytes(as: Principal.configuration.key) { return true }
        return try first(
            "SELECT 1 FROM keys WHERE id = ? AND revoked_at IS NULL", preview.key, read: { _ in true }) != nil
    }

    fileprivate func seal(of preview: Preview) throws(StoryError) -> String {
        hexadecimal(try keyedHash(of: "preview:" + preview.claim).prefix(16))
    }
}
