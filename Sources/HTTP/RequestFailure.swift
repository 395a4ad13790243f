/// Why a request was refused before it reached a handler.
public struct RequestFailure: Error, Hashable, Sendable {
    /// The status to answer with.
    public let status: Status
    /// What is wrong, for the person who wrote the client: one sentence without a full stop.
    public let detail: String
    /// For 405: the methods that the path does have. The answer must name them in `Allow` (RFC 9110 §15.5.6).
    public let allowedMethods: [Method]
    /// For 503: when to come back (`Retry-After`, RFC 9110 §10.2.3).
    public let retryAfterSeconds: Int

    /// A failure with its status and a sentence that names what is wrong.
    public init(
        _ status: Status, _ detail: String, allowedMethods: [Method] = [], retryAfterSeconds: Int = 1
    ) {
        self.status = status
        self.detail = detail
        self.allowedMethods = allowedMethods
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// The value of `Allow`, where there is one to send.
    public var allow: String? {
        allowedMethods.isEmpty ? nil : allowedMethods.map(\.rawValue).joined(separator: ", ")
    }
}
