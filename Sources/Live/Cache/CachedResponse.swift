// SPDX-License-Identifier: Apache-2.0
internal import Gzip
internal import HTTP
internal import Synchronization

/// A response prebuilt for any number of readers: its body in both content codings, and the heads of the 200 and the 304.
final class CachedResponse: Sendable {
    let representation: Representation
    /// The poll interval in the heads, in seconds.
    let pollAfter: Int
    private let sharedLines: [UInt8]
    private let identity: Encoded
    private let compression: Mutex<Compression>

    /// The response in one content coding. A class, so that passing it copies a single reference.
    private final class Encoded: Sendable {
        /// Byte range of the entity tag in the head of `notModified`, so that the tag is not stored twice.
        private let tagRange: Range<Int>
        /// Whether `If-None-Match` is evaluated.
        private let isConditional: Bool
        let full: Response
        let notModified: Response

        init(
            _ representation: Representation, _ sharedLines: [UInt8], body: [UInt8], isGzip: Bool,
            pollAfter: Int
        ) {
            // Another coding is another representation, so a strong tag must differ (RFC 9110 §8.8.3.3).
            let tag = "\"\(representation.tag(pollAfter: pollAfter))\(isGzip ? ".gz" : "")\""
            let headers = representation.headers(tag: tag, pollAfter: pollAfter)
            notModified = Response(.notModified, headers: headers).prebuilt(sharedLines: sharedLines)
            isConditional = representation.isConditional
            let start = "HTTP/1.1 304 Not Modified\r\nETag: ".utf8.count
            tagRange = start..<start + tag.utf8.count
            var full = Response(.ok, headers: headers, body: body)
            representation.format.add(to: &full.headers)
            full.headers.addSafety()
            if isGzip { full.headers.add(.contentEncoding, "gzip") }
            self.full = full.prebuilt(sharedLines: sharedLines)
        }

        /// Returns whether `If-None-Match` matches the entity tag.
        func isHeld(by request: Request) -> Bool {
            guard isConditional, request.has(.ifNoneMatch), let head = notModified.prebuiltHead else {
                return false
            }
            return head.withUnsafeBytes {
                request.ifNoneMatch(names: UnsafeRawBufferPointer(rebasing: $0[tagRange]))
            }
        }
    }

    /// State of the gzip coding.
    private enum Compression {
        /// Sent as identity only: the body is below ``minimumGzipBytes``, or gzip does not make it smaller.
        case useless
        case wanted
        /// Single flight: the first request starts the compression, the others wait for it.
        case running(Promise<Void>)
        case done(Encoded)
    }

    private static let minimumGzipBytes = 200

    init(_ representation: Representation, _ sharedLines: [UInt8], pollAfter: Int) {
        self.representation = representation.withoutStaticBody
        self.sharedLines = sharedLines
        self.pollAfter = pollAfter
        let body = representation.body(pollAfter: pollAfter)
        identity = Encoded(representation, sharedLines, body: body, isGzip: false, pollAfter: pollAfter)
        compression = Mutex(body.count < Self.minimumGzipBytes ? .useless : .wanted)
    }

    /// Creates a copy with another poll interval in the heads and the same bodies.
    private init(_ cached: CachedResponse, pollAfter: Int) {
        representation = cached.representation
        sharedLines = cached.sharedLines
        self.pollAfter = pollAfter
        identity = Encoded(
            representation, sharedLines, body: cached.identity.full.body, isGzip: false, pollAfter: pollAfter)
        let gzipped = cached.compression.withLock { compression -> [UInt8]? in
            if case .done(let encoded) = compression { encoded.full.body } else { nil }
        }
        let encoded = gzipped.map {
            Encoded(
                cached.representation, cached.sharedLines, body: $0, isGzip: true, pollAfter: pollAfter)
        }
        compression = Mutex(encoded.map(Compression.done) ?? .wanted)
    }

    /// Returns the response with the current poll interval.
    func renewed(pollAfter: Int) -> CachedResponse {
        switch representation.pollAfter {
        case .none: self
        case .header: CachedResponse(self, pollAfter: pollAfter)
        case .body: CachedResponse(representation, sharedLines, pollAfter: pollAfter)
        }
    }

    /// Returns the response, or `nil` if the client prefers gzip and the gzip coding has not been made yet. `meter` records it.
    func response(to request: Request, meter: RouteMeter? = nil) -> Response? {
        guard request.prefersGzip else { return response(to: request, identity, or: nil, meter) }
        let (gzipped, isComing) = compression.withLock { compression -> (Encoded?, Bool) in
            switch compression {
            case .useless: (nil, false)
            case .wanted, .running: (nil, true)
            case .done(let encoded): (encoded, false)
            }
        }
        return isComing
            ? nil : response(to: request, gzipped ?? identity, or: gzipped == nil ? nil : identity, meter)
    }

    /// Returns the response in a coding, or 304 if the client has it in this coding or the other: both are current.
    ///
    /// The one copy of the response that a request takes: each has six references to count.
    private func response(
        to request: Request, _ encoded: Encoded, or other: Encoded?, _ meter: RouteMeter?
    ) -> Response {
        var response =
            if encoded.isHeld(by: request) {
                encoded.notModified
            } else if let other, other.isHeld(by: request) {
                other.notModified
            } else { encoded.full }
        response.meter = meter
        return response
    }

    /// Returns the uncompressed response, for when it cannot be compressed now.
    func identityResponse(to request: Request) -> Response { response(to: request, identity, or: nil, nil) }

    /// Makes the gzip coding (single flight); gives up if too many compressions are queued.
    func compress(on jobs: JobQueue) async {
        let own = Promise<Void>()
        let running = compression.withLock { compression -> Promise<Void>? in
            switch compression {
            case .useless, .done: return nil
            case .running(let promise): return promise
            case .wanted:
                compression = .running(own)
                return own
            }
        }
        // The job fulfills the promise, so that the coding is made even if the request that started it is cancelled.
        if running === own { startCompression(on: jobs, own) }
        await running?.value
    }

    private func startCompression(on jobs: JobQueue, _ promise: Promise<Void>) {
        let body = identity.full.body
        let work = { @Sendable () -> [UInt8]? in gzip(body).flatMap { $0.count < body.count ? $0 : nil } }
        let finish = { @Sendable (result: [UInt8]??) in
            // `nil`: refused (load shedding); the next request tries again.
            self.finishCompression(result.map { $0.map(self.gzipped).map(Compression.done) ?? .useless })
            promise.fulfill(())
        }
        if body.count <= Self.shortBytes, let result = jobs.runAtOnce(work) { return finish(result) }
        jobs.submit(behind: JobQueue.maximumWaitingCompressions, work, completion: finish)
    }

    /// Largest body, in bytes, that is compressed on the caller's thread if a thread of the queue is idle: cheaper than switching
    /// threads twice.
    private static let shortBytes = 16 * 1024

    private func gzipped(_ body: [UInt8]) -> Encoded {
        Encoded(representation, sharedLines, body: body, isGzip: true, pollAfter: pollAfter)
    }

    private func finishCompression(_ compression: Compression?) {
        self.compression.withLock { $0 = compression ?? .wanted }
    }

    /// Approximate memory use in bytes.
    var byteCount: Int {
        let gzipped = compression.withLock { compression -> Int in
            if case .done(let encoded) = compression { encoded.full.body.count } else { 0 }
        }
        return Self.headBytes + representation.bytes.count + identity.full.body.count + gzipped
    }

    /// Approximate bytes of the heads, tags and objects.
    private static let headBytes = 2_048
}
