// SPDX-License-Identifier: Apache-2.0
internal import Stories

extension Call {
    /// Purges a story's public paths from the cache in front. The write is committed and succeeds whether or not this does.
    func purge(_ names: StoryNames, update: Identifier? = nil) async {
        _ = await purge(names.publicPaths(with: update))
    }

    /// Purges the story by its current names.
    func purge(_ story: StoryReference, update: Identifier? = nil, from store: any StoryStore) async {
        guard canPurge else { return }
        do throws(StoryError) {
            await purge(try await store.names(of: story, access: access), update: update)
        } catch {
            // Reported to the operator only: the caller's write has succeeded.
            if case .storage(let trouble) = error { report(trouble) }
        }
    }
}
