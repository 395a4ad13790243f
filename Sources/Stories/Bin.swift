// SPDX-License-Identifier: Apache-2.0
/// A deleted update that can still be restored (soft delete).
public struct BinnedUpdate: Hashable, Sendable {
    /// The update as it was deleted.
    public var update: EditorUpdate
    /// When it was deleted.
    public var deletedAt: Timestamp
    /// The principal who deleted it.
    public var deletedBy: Principal

    /// Memberwise.
    public init(update: EditorUpdate, deletedAt: Timestamp, deletedBy: Principal) {
        self.update = update
        self.deletedAt = deletedAt
        self.deletedBy = deletedBy
    }
}

/// A page of a story's bin (keyset pagination).
public struct BinPage: Hashable, Sendable {
    /// Sorted by deletion time, latest first.
    public var updates: [BinnedUpdate]
    /// Position of the next page; `nil` on the last.
    public var older: BinPosition?

    /// Memberwise.
    public init(updates: [BinnedUpdate], older: BinPosition?) {
        self.updates = updates
        self.older = older
    }
}

/// A keyset position in a bin: the last update of a page.
public struct BinPosition: Hashable, Sendable, CustomStringConvertible {
    /// Deletion time of that update.
    public var deletedAt: Timestamp
    /// Its id, the tie-breaker.
    public var id: Identifier

    /// Memberwise.
    public init(deletedAt: Timestamp, id: Identifier) {
        (self.deletedAt, self.id) = (deletedAt, id)
    }

    /// Opaque to clients; same format as ``StoryPosition``.
    public var description: String { StoryPosition(activeAt: deletedAt, id: id).description }

    /// Parses exactly the output of ``description``; `nil` for anything else.
    public init?(_ text: String) {
        guard let position = StoryPosition(text) else { return nil }
        self.init(deletedAt: position.activeAt, id: position.id)
    }
}

extension BinnedUpdate {
    /// Its position in the bin.
    public var position: BinPosition { BinPosition(deletedAt: deletedAt, id: update.id) }
}

extension Draft {
    /// The draft as restored. A schedule in the past is dropped: restoring never publishes.
    public func restored(at now: Timestamp) -> Draft {
        var draft = self
        draft.modifiedAt = max(now, createdAt)
        if let time = publishAt, time <= now { draft.publishAt = nil }
        return draft
    }
}

/// Retention period of deleted updates.
public struct BinTime: Hashable, Sendable {
    /// Days; 0 disables the bin.
    public let days: Int

    /// A retention period in days.
    public init(days: Int) { self.days = days }

    /// Whether deleted updates are retained at all.
    public var isUsed: Bool { days > 0 }

    /// When an update deleted at that time is purged.
    public func end(of deletedAt: Timestamp) -> Timestamp {
        Timestamp(milliseconds: deletedAt.milliseconds + milliseconds)
    }

    /// Updates deleted at or before this time are to be purged.
    public func start(at now: Timestamp) -> Timestamp {
        Timestamp(milliseconds: now.milliseconds - milliseconds)
    }

    private var milliseconds: Int64 { Int64(days) * 24 * 60 * 60 * 1_000 }
}
