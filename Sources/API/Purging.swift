// SPDX-License-Identifier: Apache-2.0
internal import Stories

extension Call {
    /// Has the cache in front forget what readers must not see any more. The write is committed and stands, whatever comes of this.
    func purge(_ names: StoryNames, update: Identifier? = nil) async {
        _ = await purge(names.publicPaths(with: update))
    }

    /// The same for the story as it stands now.
    func purge(_ story: StoryReference, update: Identifier? = nil, from store: any StoryStore) async {
        guard canPurge else { return }
        do throws(StoryError) {
            await purge(try await store.names(of: story, access: access), update: update)
        } catch {
            // The operator hears of it; the write of the caller is done.
            if case .storage(let trouble) = error { report(trouble) }
        }
    }
}
