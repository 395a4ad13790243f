/// A point in the life of a story, or the state of a thing at that point: which life, and which number of it.
///
/// As text it is the cursor of the feed and the heart of entity tags. Clients must treat it as opaque.
public struct Version: Hashable, Sendable {
    /// The life: a new one for every database that is created or restored, and for every story in it,
    /// so that a number from another life is never mistaken for one of this life.
    public var epoch: UInt64
    /// The story's sequence number at that point, from 0, before its first change.
    public var seq: Int64

    /// A point of a life.
    public init(epoch: UInt64, seq: Int64) {
        self.epoch = epoch
        self.seq = seq
    }
}

extension Version: CustomStringConvertible {
    /// Bytes of the text form: sixteen digits, a hyphen, and the nineteen digits of the greatest number.
    private static let longestText = 16 + 1 + 19

    /// Sixteen hexadecimal digits, a hyphen, the number: `0f6c8e2d91b7a354-41`.
    public var description: String {
        let digits = String(epoch, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits + "-\(seq)"
    }

    /// Reads exactly what ``description`` writes; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count <= Self.longestText else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard parts.count == 2, let epoch = UInt64(parts[0], radix: 16), let seq = Int64(parts[1]), seq >= 0
        else { return nil }
        self.init(epoch: epoch, seq: seq)
        guard description.hasSameBytes(as: text) else { return nil }
    }

    /// Reads the same from bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count <= Self.longestText else { return nil }
        self.init(String(decoding: bytes, as: UTF8.self))
    }
}

/// What must hold of a thing for a write to go ahead (RFC 9110 §13.1).
public enum Precondition: Hashable, Sendable {
    /// Nothing.
    case none
    /// It exists (`If-Match: *`).
    case exists
    /// It does not exist (`If-None-Match: *`).
    case absent
    /// It is in one of these states (`If-Match` with entity tags).
    case oneOf([Version])

    /// Whether the write may go ahead on a thing in the state `current`, `nil` where it does not exist.
    public func holds(for current: Version?) -> Bool {
        switch self {
        case .none: true
        case .exists: current != nil
        case .absent: current == nil
        case .oneOf(let versions): current.map(versions.contains) ?? false
        }
    }

    /// Throws ``StoryError/stale(current:)`` where it does not hold.
    public func check(_ current: PresentState?) throws(StoryError) {
        guard holds(for: current?.version) else { throw .stale(current: current) }
    }
}

/// A thing with the version that it stands at.
public struct Versioned<Value: Sendable>: Sendable {
    /// The thing.
    public var value: Value
    /// Where it stands.
    public var version: Version
    /// What readers are sent of it, where it was encoded just now. No part of what it is: the same thing may come without.
    public var rendition: [UInt8]?

    /// A thing at a version.
    public init(_ value: Value, _ version: Version, rendition: [UInt8]? = nil) {
        self.value = value
        self.version = version
        self.rendition = rendition
    }
}

extension Versioned: Equatable where Value: Equatable {
    /// The same thing at the same version.
    public static func == (left: Versioned, right: Versioned) -> Bool {
        left.value == right.value && left.version == right.version
    }
}

extension Versioned: Hashable where Value: Hashable {
    /// Hashes the thing and its version.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(value)
        hasher.combine(version)
    }
}

/// A thing as it stands, for whoever wanted to change another state of it.
public enum PresentState: Hashable, Sendable {
    case story(Versioned<Story>)
    case update(Versioned<EditorUpdate>)
    case links(Versioned<LinkLists>)

    /// Where it stands.
    public var version: Version {
        switch self {
        case .story(let story): story.version
        case .update(let update): update.version
        case .links(let links): links.version
        }
    }
}
