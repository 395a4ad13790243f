// SPDX-License-Identifier: Apache-2.0
/// A write with detection of retries. With an idempotency key it is done once: its response is stored in the same transaction, and
/// replayed for at least ``IdempotencyKey/lifetimeMilliseconds``. With or without a key, a retry of a request that created an
/// update which was taken down since is rejected.
public struct IdempotentWrite<Value: Sendable>: Sendable {
    /// The identity of the request.
    public let request: WriteRequest
    /// Makes the response from the result; called inside the transaction.
    public let response: @Sendable (Value) -> StoredResponse

    /// Memberwise.
    public init(_ request: WriteRequest, response: @escaping @Sendable (Value) -> StoredResponse) {
        self.request = request
        self.response = response
    }
}

/// The identity of a write request.
public struct WriteRequest: Hashable, Sendable {
    /// A digest of the request; equal for equal requests.
    public let fingerprint: [UInt8]
    /// The idempotency key; `nil` if a retry may be executed again.
    public let key: IdempotencyKey?

    /// Memberwise.
    public init(fingerprint: [UInt8], key: IdempotencyKey?) {
        self.fingerprint = fingerprint
        self.key = key
    }
}

/// A client's name for a write (`Idempotency-Key`), scoped to the client.
public struct IdempotencyKey: Hashable, Sendable {
    /// The client.
    public let holder: Holder
    /// The text that the client chose.
    public let value: String

    /// The client that sends a key.
    public enum Holder: Hashable, Sendable {
        /// The holder of an API key, by the hash of that key.
        case apiKey(String)
        /// A client without an API key, by its network. Stores retain only what cannot be reversed to it.
        case network(String)
    }

    /// Minimum retention of a stored response in milliseconds, while the store is open.
    public static let lifetimeMilliseconds: Int64 = 24 * 60 * 60 * 1_000

    /// Memberwise.
    public init(holder: Holder, value: String) {
        self.holder = holder
        self.value = value
    }
}

/// A response stored for replay.
public struct StoredResponse: Hashable, Sendable {
    /// The status code.
    public let status: Int
    /// The header fields: names and values, alternating.
    public let headers: [String]
    /// The body.
    public let body: [UInt8]

    /// Memberwise.
    public init(status: Int, headers: [String], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
