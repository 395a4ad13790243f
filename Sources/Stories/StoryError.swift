// SPDX-License-Identifier: Apache-2.0
/// All errors of the domain and its stores. The API maps them to HTTP in one switch.
public enum StoryError: Error, Hashable, Sendable {
    /// The resource does not exist or is not visible to the caller; the two are indistinguishable on purpose.
    case notFound(Resource)
    /// The update is in another story now, which has this slug.
    case moved(to: Slug)
    /// Authenticated, but not authorized. The text states what is required.
    case forbidden(String)
    /// Invalid input: all violations, each with its location.
    case invalid([ValidationError])
    /// The slug is used by another story.
    case slugTaken(Slug)
    /// The slug is a former slug of another story, whose current one is `present`.
    case slugReserved(Slug, present: Slug)
    /// Precondition failed (optimistic locking): the resource changed. Its current state, if it exists.
    case stale(current: PresentState?)
    /// The update is not published, so it cannot be retracted.
    case unpublished
    /// The media asset cannot be deleted: it is used. Where, as far as the caller may know.
    case mediaInUse([MediaUse])
    /// The cursor is of another epoch, or ahead of the story: start over with a snapshot.
    case cursorExpired
    /// The idempotency key was used by an equal request: its stored response.
    case replayed(StoredResponse)
    /// The idempotency key was used by a different request.
    case otherRequest
    /// Load shedding: the queue is full and nothing was done; a retry may succeed.
    case overloaded
    /// The update was taken down; or the request is or contains one that created it: its indices in the batch or document,
    /// from 0.
    case takenDown(members: [Int])
    /// The storage failed; nothing was done, except perhaps with `inDoubt`.
    case storage(StorageTrouble)

    /// The kind of resource that was not found.
    public enum Resource: String, Sendable {
        case story, update, slug = "former slug", linkList = "list of links", reactionKind =
            "kind of reaction", key, webhook, delivery, media = "media asset",
            pushSubscription = "push subscription", autosave, font, presence
    }

    /// Why the storage failed, in engine-independent terms.
    public enum StorageTrouble: Hashable, Sendable {
        /// Lock contention or a full queue; a retry may succeed.
        case busy
        /// No space left.
        case full
        /// Readable, but not writable.
        case readOnly
        /// Inconsistent data. The text is for the operator.
        case corrupt(String)
        /// Not usable at present. The text is for the operator.
        case unavailable(String)
        /// The database was lost during a commit: the write may have been done.
        case inDoubt
    }
}

/// A violation of a rule, and its location.
///
/// Both texts may contain client input, such as a member name, so they are compared bytewise.
public struct ValidationError: Hashable, Sendable {
    /// A JSON Pointer (RFC 6901) into the body, or `/` and the name of a query parameter.
    public var pointer: String
    /// The message: "must not be blank".
    public var detail: String

    /// Memberwise.
    public init(_ pointer: String, _ detail: String) {
        self.pointer = pointer
        self.detail = detail
    }

    /// Bytewise equality.
    public static func == (left: ValidationError, right: ValidationError) -> Bool {
        left.pointer.hasSameBytes(as: right.pointer) && left.detail.hasSameBytes(as: right.detail)
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(bytesOf: pointer)
        hasher.combine(bytesOf: detail)
    }
}
