// SPDX-License-Identifier: Apache-2.0
internal import Live
internal import Stories
internal import Synchronization

/// The appearance of the site as it is at present, read again after a change, on this node or another.
final class CurrentSite: Sendable {
    private let store: any StoryStore
    private let cache: ResponseCache
    private let changes = Atomic<UInt64>(1)
    private let state = Mutex(State(appearance: .standard))

    private struct State {
        var appearance: SiteAppearance
        /// The number of changes before it was read; 0: it was not read yet.
        var changes: UInt64 = 0
    }

    /// Observes the store from now on. To be created before whatever keeps pages until the next commit, so that those that are made
    /// after it ask for the settings after it.
    init(store: any StoryStore, cache: ResponseCache) {
        (self.store, self.cache) = (store, cache)
        store.observe { [weak self] events in
            if events.contains(where: \.mayChangeSite) { self?.noteChange() }
        }
    }

    private func noteChange() {
        changes.add(1, ordering: .releasing)
        retirePages()
        // For the pages that cannot wait for it.
        Task { try? await current() }
    }

    /// Has all pages made anew.
    func retirePages() { cache.retire(\.showsSite) }

    /// The appearance that was read last. Does not block.
    var latest: SiteAppearance { state.withLock { $0.appearance } }

    /// Returns the present appearance: no change of which the writer has been answered is missing.
    @discardableResult
    func current() async throws(StoryError) -> SiteAppearance {
        // Noted before the store is read, so that a later write makes it stale.
        let changes = changes.load(ordering: .acquiring)
        let (known, isCurrent) = state.withLock { ($0.appearance, $0.changes == changes) }
        if isCurrent { return known }
        let site = try await store.site()
        let isKnown = site.version == known.version
        let appearance =
            isKnown ? known : SiteAppearance(site, fonts: try await store.contents(of: site.value.fonts))
        return state.withLock { state in
            guard state.changes < changes else { return state.appearance }
            state = State(appearance: appearance, changes: changes)
            return appearance
        }
    }
}

extension CurrentSite {
    /// Returns the bytes of a font, from memory if pages name it. Throws `.notFound(.font)`.
    func fontContent(_ id: Identifier) async throws(StoryError) -> [UInt8] {
        if let content = latest.fonts[id] { return content }
        return try await store.fontContent(id)
    }
}

extension StoryStore {
    /// Returns the bytes of those of the fonts that were uploaded here and are there.
    func contents(of fonts: SiteFonts?) async throws(StoryError) -> [Identifier: [UInt8]] {
        var found: [Identifier: [UInt8]] = [:]
        for (_, reference) in fonts?.references ?? [] where found[reference.id] == nil {
            do throws(StoryError) {
                found[reference.id] = try await fontContent(reference.id)
            } catch {
                guard case .notFound = error else { throw error }
            }
        }
        return found
    }
}

extension StoreEvent {
    fileprivate var mayChangeSite: Bool {
        switch self {
        case .siteChanged, .externalWrite: true
        default: false
        }
    }
}

extension CacheKey.Variant {
    /// Whether the representation shows what is set of the site. JSON, and so every poll, shows nothing of it.
    fileprivate var showsSite: Bool {
        if case .overview = self { true } else { false }
    }
}
