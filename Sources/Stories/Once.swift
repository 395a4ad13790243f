/// A write that may be asked for more than once, and is done once: the answer to the first time is kept with what it did, in one
/// transaction, and given again for ``Once/lifetimeMilliseconds``.
public struct Once<Value: Sendable>: Sendable {
    /// By what the write is known again.
    public let request: OnceRequest
    /// Makes the answer of what was done; called inside the transaction.
    public let answer: @Sendable (Value) -> KeptAnswer

    /// A write that is done once.
    public init(_ request: OnceRequest, answer: @escaping @Sendable (Value) -> KeptAnswer) {
        self.request = request
        self.answer = answer
    }
}

/// By what a write is known again.
public struct OnceRequest: Hashable, Sendable {
    /// Who asks: the same key of another holder is another.
    public let holder: String
    /// What the client calls the write.
    public let key: String
    /// A digest of all that is asked: the same key with another one is a mistake.
    public let fingerprint: [UInt8]

    /// For how long an answer is kept.
    public static let lifetimeMilliseconds: Int64 = 24 * 60 * 60 * 1_000

    /// A request, all members given.
    public init(holder: String, key: String, fingerprint: [UInt8]) {
        self.holder = holder
        self.key = key
        self.fingerprint = fingerprint
    }
}

/// An answer as it was given.
public struct KeptAnswer: Hashable, Sendable {
    /// Its status.
    public let status: Int
    /// Names and values of its fields, in turn.
    public let headers: [String]
    /// Its body.
    public let body: [UInt8]

    /// An answer, all members given.
    public init(status: Int, headers: [String], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
