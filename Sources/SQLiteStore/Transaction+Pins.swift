internal import SQLite
internal import Stories

extension Transaction {
    /// Whether one more update of the story may be pinned.
    func hasRoomForPin(in story: StoryRow) throws(StoryError) -> Bool {
        let pinned = try first("SELECT count(*) FROM updates WHERE story = ? AND pinned = 1", story.key) {
            $0.integer()
        }
        return (pinned ?? 0) < Limits.pinnedUpdates
    }

    /// Throws `.invalid` where the story has all the pinned updates that it may have; `base` is where the update's members are.
    func requireRoomForPin(in story: StoryRow, at base: String = "") throws(StoryError) {
        guard try !hasRoomForPin(in: story) else { return }
        throw .invalid([
            ValidationError(
                base + "/pinned",
                "a story can have \(Limits.pinnedUpdates) pinned updates; unpin one first")
        ])
    }
}
