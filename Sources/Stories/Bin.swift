/// A deleted update that can still be restored.
public struct BinnedUpdate: Hashable, Sendable {
    /// The update as it was.
    public var update: EditorUpdate
    /// When it was deleted.
    public var deletedAt: Timestamp
    /// The principal who deleted it.
    public var deletedBy: Principal

    /// An update of the bin, all members given.
    public init(update: EditorUpdate, deletedAt: Timestamp, deletedBy: Principal) {
        self.update = update
        self.deletedAt = deletedAt
        self.deletedBy = deletedBy
    }
}

/// A page of a story's bin.
public struct BinPage: Hashable, Sendable {
    /// Latest deletion first.
    public var updates: [BinnedUpdate]
    /// Where the next page begins; `nil` on the last.
    public var older: BinPosition?

    /// A page, all members given.
    public init(updates: [BinnedUpdate], older: BinPosition?) {
        self.updates = updates
        self.older = older
    }
}

/// Where a page of a bin ended.
public struct BinPosition: Hashable, Sendable, CustomStringConvertible {
    /// When the last update of the page was deleted.
    public var deletedAt: Timestamp
    /// Which one.
    public var id: Identifier

    /// A place in a bin.
    public init(deletedAt: Timestamp, id: Identifier) {
        (self.deletedAt, self.id) = (deletedAt, id)
    }

    /// Opaque to clients; the form of a ``StoryPosition``.
    public var description: String { StoryPosition(activeAt: deletedAt, id: id).description }

    /// Reads exactly what ``description`` writes; `nil` for anything else.
    public init?(_ text: String) {
        guard let position = StoryPosition(text) else { return nil }
        self.init(deletedAt: position.activeAt, id: position.id)
    }
}

extension BinnedUpdate {
    /// Its place in the bin.
    public var position: BinPosition { BinPosition(deletedAt: deletedAt, id: update.id) }
}

extension Draft {
    /// The draft as it comes back. A schedule whose time has passed meanwhile is dropped: nothing is published by a restore.
    public func restored(at now: Timestamp) -> Draft {
        var draft = self
        draft.modifiedAt = max(now, createdAt)
        if let time = publishAt, time <= now { draft.publishAt = nil }
        return draft
    }
}

/// For how long deleted updates can be restored.
public struct BinTime: Hashable, Sendable {
    /// Days; 0: not at all.
    public let days: Int

    /// So many days.
    public init(days: Int) { self.days = days }

    /// Whether deleted updates are kept at all.
    public var isUsed: Bool { days > 0 }

    /// Until when an update can be restored that was deleted then.
    public func end(of deletedAt: Timestamp) -> Timestamp {
        Timestamp(milliseconds: deletedAt.milliseconds + milliseconds)
    }

    /// What was deleted by then is to be erased now.
    public func start(at now: Timestamp) -> Timestamp {
        Timestamp(milliseconds: now.milliseconds - milliseconds)
    }

    private var milliseconds: Int64 { Int64(days) * 24 * 60 * 60 * 1_000 }
}
