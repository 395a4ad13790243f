// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// What a commit has changed, as its row in the commit log says it: which stories, never their content.
struct CommitChanges: Equatable {
    /// Stories with changes in their feeds, or removed.
    var changed: Set<Identifier> = []
    /// Stories with other counts of reactions.
    var reacted: Set<Identifier> = []
    /// Whether a key was revoked.
    var revokesKeys = false
    /// Whether the settings of the site were changed.
    var changesSite = false
    /// Whether anything may have changed.
    var mayBeAnything = false

    /// The changes of a transaction's events.
    init(_ events: [StoreEvent]) {
        for event in events {
            switch event {
            case .created(let story), .removed(let story), .slugFreed(_, let story): changed.insert(story)
            case .changed(let step): changed.insert(step.story)
            case .reacted(let step): reacted.insert(step.story)
            case .keyRevoked: revokesKeys = true
            case .siteChanged: changesSite = true
            // Sent by this node. Others look at the queue themselves.
            case .deliveriesQueued, .cardsQueued, .notificationQueued: break
            case .externalWrite: mayBeAnything = true
            case .externalChanges(let other, let others):
                changed.formUnion(other)
                reacted.formUnion(others)
            }
        }
    }

    /// Reads ``text``. What a newer program may have written there counts as anything.
    init(_ text: String) {
        for word in text.split(separator: " ") {  // ascii: written below
            if word == "keys" {
                revokesKeys = true
                continue
            }
            if word == "site" {
                changesSite = true
                continue
            }
            let parts = word.split(separator: ":")  // ascii: written below
            guard parts.count == 2, let story = Identifier(String(parts[1])) else {
                mayBeAnything = true
                continue
            }
            switch parts[0] {
            case "changed": changed.insert(story)
            case "reacted": reacted.insert(story)
            default: mayBeAnything = true
            }
        }
    }

    /// Words such as `changed:0198…`, `keys` and `site`, or `anything`.
    var text: String {
        if mayBeAnything { return "anything" }
        let words = changed.map { "changed:\($0)" } + reacted.map { "reacted:\($0)" }
        let others = [revokesKeys ? "keys" : nil, changesSite ? "site" : nil].compactMap(\.self)
        return (words + others).joined(separator: " ")
    }

    /// The events for observers of another node; none of a commit that readers cannot see, such as the claim of a delivery, so that
    /// nothing that is cached there is made again.
    var events: [StoreEvent] {
        if mayBeAnything { return [.externalWrite] }
        let isSeen = !changed.isEmpty || !reacted.isEmpty
        return (isSeen ? [.externalChanges(changed, reacted: reacted)] : [])
            + (revokesKeys ? [.keyRevoked] : []) + (changesSite ? [.siteChanged] : [])
    }
}
