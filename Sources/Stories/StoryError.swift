/// Everything that the domain and its stores can refuse or fail at. One switch in the API turns it into HTTP.
public enum StoryError: Error, Hashable, Sendable {
    /// There is no such thing, or the caller may not see it: the two are never told apart.
    case notFound(Resource)
    /// The caller's key is good but does not reach this far. The text says what it would take.
    case forbidden(String)
    /// The input breaks rules: all of them, each with its place.
    case invalid([ValidationError])
    /// The slug belongs to another story.
    case slugTaken(Slug)
    /// The slug is a former one of another story, which has `present` now.
    case slugReserved(Slug, present: Slug)
    /// The thing has changed since the version that the caller holds; its present state, if it exists.
    case stale(current: PresentState?)
    /// Readers do not see the update, so it cannot be retracted before them.
    case unpublished
    /// The cursor belongs to another life of the story, or is ahead of it: start again from a snapshot.
    case cursorExpired
    /// The write was done before, under the same key: this was the answer.
    case replayed(StoredResponse)
    /// Something else was asked under the same key.
    case otherRequest
    /// More is asked at once than can be worked off; nothing of the command was done, and it may work a moment later.
    case overloaded
    /// The update was taken down; or the request is, or holds, what made one: the places in its batch or document, from 0.
    case takenDown(members: [Int])
    /// Storage is in trouble; nothing of the command was done.
    case storage(StorageTrouble)

    /// What was not found.
    public enum Resource: String, Sendable {
        case story, update, slug = "former slug", linkList = "list of links", reactionKind =
            "kind of reaction", key
    }

    /// What ails the storage, in terms that any store has.
    public enum StorageTrouble: Hashable, Sendable {
        /// Too much waits; the same request may work a moment later.
        case busy
        /// No room is left.
        case full
        /// It can be read but not written.
        case readOnly
        /// It holds what it should not. The text is for the operator.
        case corrupt(String)
        /// It cannot be used at all at present. The text is for the operator.
        case unavailable(String)
    }
}

/// One thing wrong with the input, and where.
///
/// Both texts may hold what a client sent, such as the name of a member, so that they are compared by their bytes.
public struct ValidationError: Hashable, Sendable {
    /// A JSON Pointer (RFC 6901) into the body, or `/` and the name of a query parameter.
    public var pointer: String
    /// What is wrong, for a person: "must not be blank".
    public var detail: String

    /// A fault at a place.
    public init(_ pointer: String, _ detail: String) {
        self.pointer = pointer
        self.detail = detail
    }

    /// The same fault at the same place, to the byte.
    public static func == (left: ValidationError, right: ValidationError) -> Bool {
        left.pointer.hasSameBytes(as: right.pointer) && left.detail.hasSameBytes(as: right.detail)
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(bytesOf: pointer)
        hasher.combine(bytesOf: detail)
    }
}
