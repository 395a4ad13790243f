/// A way in which readers can react, `veryGood` for one: letters and digits, a letter first, at most 32.
public struct ReactionKind: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name, as it stands in paths and counts.
    public let name: String

    /// The text form.
    public var description: String { name }

    /// The kind that every server has if its configuration names none.
    public static let veryGood = ReactionKind(known: "veryGood")

    /// `nil` where the text cannot name a kind.
    public init?(_ name: String) {
        guard (1...32).contains(name.utf8.count), let first = name.unicodeScalars.first, first.isASCIILetter,
            name.unicodeScalars.allSatisfy({ $0.isASCIILetter || ("0"..."9").contains($0) })
        else { return nil }
        self.name = name
    }

    private init(known name: String) {
        self.name = name
    }

    /// The order of the names.
    public static func < (left: ReactionKind, right: ReactionKind) -> Bool {
        left.name < right.name
    }
}

/// What became of a reaction.
public struct ReactionOutcome: Hashable, Sendable {
    /// How often the kind was given, now.
    public var count: Int
    /// Whether this reaction made a difference.
    public var counted: Bool

    /// An outcome, all members given.
    public init(count: Int, counted: Bool) {
        self.count = count
        self.counted = counted
    }
}

/// Whoever reacts, by a name that the front-end gives: any text of 1 to ``Limits/visitorCharacters`` characters. Stores keep
/// nothing from which it could be read.
public struct Visitor: Hashable, Sendable {
    /// The name.
    public let name: String

    /// `nil` where the text is empty or too long.
    public init?(_ name: String) {
        guard !name.isEmpty, name.unicodeScalars.count <= Limits.visitorCharacters else { return nil }
        self.name = name
    }
}

/// How often each kind was given to one thing.
public typealias ReactionCounts = [ReactionKind: Int]

/// The counts of a story and of its updates. Things without reactions are left out.
public struct Reactions: Hashable, Sendable {
    /// The counts of the story itself.
    public var story: ReactionCounts
    /// The counts of its updates, those without any left out.
    public var updates: [Identifier: ReactionCounts]

    /// The counts of a story and of its updates.
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
