// SPDX-License-Identifier: Apache-2.0
public import Stories
import Synchronization

// Fixtures, with a default for everything that a test does not care about.

/// A fake wall clock that only advances manually.
public final class ManualClock: Sendable {
    private let time: Mutex<Timestamp>

    /// A clock set to `start`.
    public init(at start: Timestamp = Timestamp(milliseconds: 1_795_000_000_000)) {
        time = Mutex(start)
    }

    /// The current time.
    public var now: Timestamp {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }

    /// Advances the clock; sets it back if negative.
    public func advance(milliseconds: Int64 = 1_000) {
        time.withLock { $0 = Timestamp(milliseconds: $0.milliseconds + milliseconds) }
    }
}

extension Access {
    /// An administrator.
    public static let admin = Access.holder(Grant(role: .admin))
    /// An editor of all stories.
    public static let editor = Access.holder(Grant(role: .editor))

    /// An editor of these stories.
    public static func editor(of stories: Identifier...) -> Access {
        .holder(Grant(role: .editor, stories: Set(stories)))
    }
}

extension StoryPatch {
    /// A patch that sets the title and what `change` adds.
    public static func make(
        title: String = "A story to try things on", change: (inout StoryPatch) -> Void = { _ in }
    ) -> StoryPatch {
        var patch = StoryPatch()
        patch.title = .set(title)
        change(&patch)
        return patch
    }

    /// A patch that sets only what `change` does.
    public static func changing(_ change: (inout StoryPatch) -> Void) -> StoryPatch {
        var patch = StoryPatch()
        change(&patch)
        return patch
    }
}

extension UpdatePatch {
    /// A patch that sets the body and what `change` adds.
    public static func make(
        body: String = "Something has happened.", change: (inout UpdatePatch) -> Void = { _ in }
    ) -> UpdatePatch {
        var patch = UpdatePatch()
        patch.body = .set(body)
        change(&patch)
        return patch
    }

    /// A patch that sets only what `change` does.
    public static func changing(_ change: (inout UpdatePatch) -> Void) -> UpdatePatch {
        var patch = UpdatePatch()
        change(&patch)
        return patch
    }
}

extension EditorUpdate {
    /// The published update.
    public var update: Update {
        get throws {
            guard case .published(let update) = self else { throw NotPublished() }
            return update
        }
    }

    /// The update is a draft.
    public struct NotPublished: Error {}
}

extension UpdateContent {
    /// Content with this body and what `change` adds.
    public static func make(
        body: String = "Something has happened.", change: (inout UpdateContent) -> Void = { _ in }
    ) -> UpdateContent {
        var content = UpdateContent(body: body)
        change(&content)
        return content
    }
}

extension Identifier {
    /// An identifier derived from a number.
    public static func make(_ number: UInt64) -> Identifier {
        Identifier(high: 0x0190_0000_0000_7000, low: 1 << 63 | number)
    }
}
