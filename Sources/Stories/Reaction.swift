// SPDX-License-Identifier: Apache-2.0
/// A kind of reaction, such as `veryGood`: up to 32 ASCII letters and digits, beginning with a letter.
public struct ReactionKind: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name, as in paths and counts.
    public let name: String

    /// The name.
    public var description: String { name }

    /// The default kind, available unless the configuration names others.
    public static let veryGood = ReactionKind(known: "veryGood")

    /// What a name must be.
    static let rule = "must be 1 to 32 ASCII letters and digits, beginning with a letter"

    /// `nil` if the text is not a valid name.
    public init?(_ name: String) {
        guard (1...32).contains(name.utf8.count), let first = name.unicodeScalars.first, first.isASCIILetter,
            name.unicodeScalars.allSatisfy({ $0.isASCIILetter || ("0"..."9").contains($0) })
        else { return nil }
        self.name = name
    }

    private init(known name: String) {
        self.name = name
    }

    /// Order by name.
    public static func < (left: ReactionKind, right: ReactionKind) -> Bool {
        left.name < right.name
    }
}

/// The result of a reaction.
public struct ReactionOutcome: Hashable, Sendable {
    /// The current count of the kind.
    public var count: Int
    /// Whether this reaction changed the count.
    public var counted: Bool

    /// Memberwise.
    public init(count: Int, counted: Bool) {
        self.count = count
        self.counted = counted
    }
}

/// The identity of a reader who reacts, chosen by the front end: 1 to ``Limits/visitorCharacters`` characters. Stores retain
/// only what cannot be reversed to it.
public struct Visitor: Hashable, Sendable {
    /// The visitor's id.
    public let name: String

    /// `nil` if the text is empty or too long.
    public init?(_ name: String) {
        guard !name.isEmpty, name.unicodeScalars.count <= Limits.visitorCharacters else { return nil }
        self.name = name
    }
}

/// Counts by kind.
public typealias ReactionCounts = [ReactionKind: Int]

/// The counts of a story and of its updates.
public struct Reactions: Hashable, Sendable {
    /// The counts of the story itself.
    public var story: ReactionCounts
    /// The counts of its updates; those without reactions are omitted.
    public var updates: [Identifier: ReactionCounts]

    /// Memberwise.
    public init(story: ReactionCounts = [:], updates: [Identifier: ReactionCounts] = [:]) {
        self.story = story
        self.updates = updates
    }
}

extension Unicode.Scalar {
    fileprivate var isASCIILetter: Bool {
        ("a"..."z").contains(self) || ("A"..."Z").contains(self)
    }
}
