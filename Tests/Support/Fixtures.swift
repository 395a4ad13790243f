public import Stories
import Synchronization

// Things to test with, each with a default for all that a test does not care about.

/// A clock that goes only when it is told to.
public final class ManualClock: Sendable {
    private let time: Mutex<Timestamp>

    /// A clock that stands at `start`.
    public init(at start: Timestamp = Timestamp(milliseconds: 1_795_000_000_000)) {
        time = Mutex(start)
    }

    /// What it shows.
    public var now: Timestamp {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }

    /// Turns it on, or, with a negative number, back.
    public func advance(milliseconds: Int64 = 1_000) {
        time.withLock { $0 = Timestamp(milliseconds: $0.milliseconds + milliseconds) }
    }
}

extension Access {
    /// May do everything.
    public static let admin = Access.holder(Grant(role: .admin))
    /// May write everywhere.
    public static let editor = Access.holder(Grant(role: .editor))

    /// May write to these stories.
    public static func editor(of stories: Identifier...) -> Access {
        .holder(Grant(role: .editor, stories: Set(stories)))
    }
}

extension StoryPatch {
    /// A patch that names the title, and what `change` adds.
    public static func make(
        title: String = "A story to try things on", change: (inout StoryPatch) -> Void = { _ in }
    ) -> StoryPatch {
        var patch = StoryPatch()
        patch.title = .set(title)
        change(&patch)
        return patch
    }

    /// A patch that names only what `change` says.
    public static func changing(_ change: (inout StoryPatch) -> Void) -> StoryPatch {
        var patch = StoryPatch()
        change(&patch)
        return patch
    }
}

extension UpdatePatch {
    /// A patch that names the body, and what `change` adds.
    public static func make(
        body: String = "Something has happened.", change: (inout UpdatePatch) -> Void = { _ in }
    ) -> UpdatePatch {
        var patch = UpdatePatch()
        patch.body = .set(body)
        change(&patch)
        return patch
    }

    /// A patch that names only what `change` says.
    public static func changing(_ change: (inout UpdatePatch) -> Void) -> UpdatePatch {
        var patch = UpdatePatch()
        change(&patch)
        return patch
    }
}

extension EditorUpdate {
    /// The update, where readers see it.
    public var update: Update {
        get throws {
            guard case .published(let update) = self else { throw NotPublished() }
            return update
        }
    }

    /// It is a draft.
    public struct NotPublished: Error {}
}

extension UpdateContent {
    /// A content with this body, and what `change` adds.
    public static func make(
        body: String = "Something has happened.", change: (inout UpdateContent) -> Void = { _ in }
    ) -> UpdateContent {
        var content = UpdateContent(body: body)
        change(&content)
        return content
    }
}

extension Identifier {
    /// An identifier to tell things apart by.
    public static func make(_ number: UInt64) -> Identifier {
        Identifier(high: 0x0190_0000_0000_7000, low: 1 << 63 | number)
    }
}
