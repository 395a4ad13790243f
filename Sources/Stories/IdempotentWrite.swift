// SPDX-License-Identifier: Apache-2.0
/// A write whose repeats are recognized. With an idempotency key it is done once: its response is stored with what it did, in one
/// transaction, and given again for ``IdempotencyKey/lifetimeMilliseconds`` at least. With or without one, a repeat of a request that
/// made an update which was taken down is refused.
public struct IdempotentWrite<Value: Sendable>: Sendable {
    /// What is asked.
    public let request: WriteRequest
    /// Makes the response of what was done; called inside the transaction.
    public let response: @Sendable (Value) -> StoredResponse

    /// A write whose repeats are recognized.
    public init(_ request: WriteRequest, response: @escaping @Sendable (Value) -> StoredResponse) {
        self.request = request
        self.response = response
    }
}

/// By what a write is recognized.
public struct WriteRequest: Hashable, Sendable {
    /// A digest of all that is asked; two requests that are the same have the same.
    public let fingerprint: [UInt8]
    /// What the client calls the write; `nil` where a repeat may be done again.
    public let key: IdempotencyKey?

    /// A request, all members given.
    public init(fingerprint: [UInt8], key: IdempotencyKey?) {
        self.fingerprint = fingerprint
        self.key = key
    }
}

/// What a client calls a write (`Idempotency-Key`): the same value of another holder is another key.
public struct IdempotencyKey: Hashable, Sendable {
    /// Whose key it is.
    public let holder: Holder
    /// Its text.
    public let value: String

    /// Who sends the key.
    public enum Holder: Hashable, Sendable {
        /// The holder of an API key, by a hash of it.
        case apiKey(String)
        /// A client without a key, by the network that the request comes from. Stores do not keep it in a form that can be read.
        case network(String)
    }

    /// For how long a stored response is given again, at least: milliseconds while the store is open.
    public static let lifetimeMilliseconds: Int64 = 24 * 60 * 60 * 1_000

    /// A key, all members given.
    public init(holder: Holder, value: String) {
        self.holder = holder
        self.value = value
    }
}

/// A response as it was given.
public struct StoredResponse: Hashable, Sendable {
    /// Its status.
    public let status: Int
    /// Names and values of its fields, in turn.
    public let headers: [String]
    /// Its body.
    public let body: [UInt8]

    /// A response, all members given.
    public init(status: Int, headers: [String], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
