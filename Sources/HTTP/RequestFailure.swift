// SPDX-License-Identifier: Apache-2.0
/// Why a request was rejected before it reached a handler.
public struct RequestFailure: Error, Hashable, Sendable {
    /// The status of the response.
    public let status: Status
    /// What is wrong, for the client's developer: one sentence without a full stop.
    public let detail: String
    /// For 405: the methods that the path supports, for `Allow` (RFC 9110 §15.5.6).
    public let allowedMethods: [Method]
    /// For 503: the least value of `Retry-After`, to which ``RetryAfter`` adds jitter.
    public let retryAfterSeconds: Int

    /// A failure with its status and one sentence of detail.
    public init(
        _ status: Status, _ detail: String, allowedMethods: [Method] = [], retryAfterSeconds: Int = 1
    ) {
        self.status = status
        self.detail = detail
        self.allowedMethods = allowedMethods
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// The value of `Allow`; `nil` if it is not sent.
    public var allow: String? {
        allowedMethods.isEmpty ? nil : allowedMethods.map(\.rawValue).joined(separator: ", ")
    }
}
