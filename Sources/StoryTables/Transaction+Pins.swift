// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Stories

extension Transaction {
    /// Returns whether another update of the story can be pinned.
    func hasRoomForPin(in story: StoryRow) throws(StoryError) -> Bool {
        PinnedUpdates.hasRoom(besides: try pinnedCount(of: story))
    }

    /// Throws `.invalid` if the story has the maximum number of pinned updates; `base` is the JSON Pointer to the update's members.
    func requireRoomForPin(in story: StoryRow, at base: String = "") throws(StoryError) {
        try PinnedUpdates.requireRoom(besides: try pinnedCount(of: story), at: base)
    }

    private func pinnedCount(of story: StoryRow) throws(StoryError) -> Int {
        try first("SELECT count(*) FROM updates WHERE story = ? AND pinned = 1", story.key) {
            Int($0.integer())
        } ?? 0
    }
}
