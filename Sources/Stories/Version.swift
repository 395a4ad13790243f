// SPDX-License-Identifier: Apache-2.0
/// The version of a story or of a resource in it: epoch and sequence number.
///
/// Its text is the feed's cursor and part of entity tags. Opaque to clients.
public struct Version: Hashable, Sendable {
    /// The epoch: new for every database that is created or restored, and for every story in it, so that sequence numbers of
    /// different epochs are never confused.
    public var epoch: UInt64
    /// The sequence number; 0 before the first change.
    public var seq: Int64

    /// Memberwise.
    public init(epoch: UInt64, seq: Int64) {
        self.epoch = epoch
        self.seq = seq
    }
}

extension Version: CustomStringConvertible {
    /// Maximum length of the text: 16 digits, a hyphen, and the 19 digits of the largest number.
    private static let longestText = 16 + 1 + 19

    /// Sixteen hexadecimal digits, a hyphen, the number: `0f6c8e2d91b7a354-41`.
    public var description: String {
        let digits = String(epoch, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits + "-\(seq)"
    }

    /// Parses exactly the output of ``description``; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count <= Self.longestText else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard parts.count == 2, let epoch = UInt64(parts[0], radix: 16), let seq = Int64(parts[1]), seq >= 0
        else { return nil }
        self.init(epoch: epoch, seq: seq)
        guard description.hasSameBytes(as: text) else { return nil }
    }

    /// Parses bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count <= Self.longestText else { return nil }
        self.init(String(decoding: bytes, as: UTF8.self))
    }
}

/// The precondition of a write (RFC 9110 §13.1), for optimistic locking.
public enum Precondition: Hashable, Sendable {
    /// Unconditional.
    case none
    /// It exists (`If-Match: *`).
    case exists
    /// It does not exist (`If-None-Match: *`).
    case absent
    /// Its version is one of these (`If-Match` with entity tags).
    case oneOf([Version])

    /// Whether a resource of version `current` (`nil` if it does not exist) satisfies the precondition.
    ///
    /// `editedAt`: the number of its last edit, if only its cards have changed since. Whoever has seen a later version has seen that edit.
    public func holds(for current: Version?, editedAt: Int64? = nil) -> Bool {
        switch self {
        case .none: true
        case .exists: current != nil
        case .absent: current == nil
        case .oneOf(let versions):
            versions.contains { version in
                guard let current, version.epoch == current.epoch else { return false }
                return (min(editedAt ?? current.seq, current.seq)...current.seq).contains(version.seq)
            }
        }
    }

    /// Throws ``StoryError/stale(current:)`` if it is not satisfied.
    public func check(_ current: PresentState?) throws(StoryError) {
        guard holds(for: current?.version, editedAt: current?.editedAt) else {
            throw .stale(current: current)
        }
    }
}

/// A value with its version.
public struct Versioned<Value: Sendable>: Sendable {
    /// The value.
    public var value: Value
    /// Its version.
    public var version: Version
    /// The encoded representation for readers, if it was just encoded. Not part of the value's identity.
    public var rendition: [UInt8]?
    /// The number of its last edit, if it has changed since without one. Not part of the value's identity.
    public var editedAt: Int64?

    /// Memberwise.
    public init(_ value: Value, _ version: Version, rendition: [UInt8]? = nil, editedAt: Int64? = nil) {
        self.value = value
        self.version = version
        self.rendition = rendition
        self.editedAt = editedAt
    }
}

extension Versioned: Equatable where Value: Equatable {
    /// Equality of value and version.
    public static func == (left: Versioned, right: Versioned) -> Bool {
        left.value == right.value && left.version == right.version
    }
}

extension Versioned: Hashable where Value: Hashable {
    /// Hashes value and version.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(value)
        hasher.combine(version)
    }
}

/// The current state of a resource, for a client whose precondition failed.
public enum PresentState: Hashable, Sendable {
    case story(Versioned<Story>)
    case update(Versioned<EditorUpdate>)
    case links(Versioned<LinkLists>)
    case autosave(Versioned<Autosave>)
    case snippets(Versioned<[Snippet]>)
    case site(Versioned<SiteSettings>)

    /// The current version.
    public var version: Version {
        switch self {
        case .story(let story): story.version
        case .update(let update): update.version
        case .links(let links): links.version
        case .autosave(let autosave): autosave.version
        case .snippets(let snippets): snippets.version
        case .site(let site): site.version
        }
    }

    /// The number of its last edit, if it has changed since without one.
    public var editedAt: Int64? {
        if case .update(let update) = self { update.editedAt } else { nil }
    }
}
