// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Stories

extension Transaction {
    /// Whether one more update of the story may be pinned.
    func hasRoomForPin(in story: StoryRow) throws(StoryError) -> Bool {
        PinnedUpdates.hasRoom(besides: try pinnedCount(of: story))
    }

    /// Throws `.invalid` where the story has all the pinned updates that it may have; `base` is where the update's members are.
    func requireRoomForPin(in story: StoryRow, at base: String = "") throws(StoryError) {
        try PinnedUpdates.requireRoom(besides: try pinnedCount(of: story), at: base)
    }

    private func pinnedCount(of story: StoryRow) throws(StoryError) -> Int {
        try first("SELECT count(*) FROM updates WHERE story = ? AND pinned = 1", story.key) {
            Int($0.integer())
        } ?? 0
    }
}
