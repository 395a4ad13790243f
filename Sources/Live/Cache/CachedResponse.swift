// SPDX-License-Identifier: Apache-2.0
internal import Gzip
internal import HTTP
internal import Synchronization

/// A response that is ready to be sent to any number of readers: its body in both codings and the heads of 200 and 304, made once.
final class CachedResponse: Sendable {
    let representation: Representation
    /// The poll interval that its heads name.
    let pollAfter: Int
    private let sharedLines: [UInt8]
    private let identity: Encoded
    private let compression: Mutex<Compression>

    /// The response in one content coding. A class, so that it is passed on by one reference.
    private final class Encoded: Sendable {
        /// Where the tag stands in the head of `notModified`: what is sent anyway need not be held twice.
        private let tagRange: Range<Int>
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
            let start = "HTTP/1.1 304 Not Modified\r\nETag: ".utf8.count
            tagRange = start..<start + tag.utf8.count
            var full = Response(.ok, headers: headers, body: body)
            representation.format.add(to: &full.headers)
            full.headers.addSafety()
            if isGzip { full.headers.add(.contentEncoding, "gzip") }
            self.full = full.prebuilt(sharedLines: sharedLines)
        }

        /// Whether `If-None-Match` names it.
        func isHeld(by request: Request) -> Bool {
            guard request.has(.ifNoneMatch), let head = notModified.prebuiltHead else { return false }
            return head.withUnsafeBytes {
                request.ifNoneMatch(names: UnsafeRawBufferPointer(rebasing: $0[tagRange]))
            }
        }
    }

    /// How far the gzip coding has come.
    private enum Compression {
        /// Bodies below ``minimumGzipBytes``, and those that gzip makes no smaller, are only sent as they are.
        case useless
        case wanted
        /// Single flight: the first who asks has it made, the others wait for it.
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

    /// The same response with another interval; with the same body, if that does not name the interval.
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

    /// The response with the interval that is right now.
    func renewed(pollAfter: Int) -> CachedResponse {
        switch representation.pollAfter {
        case .none: self
        case .header: CachedResponse(self, pollAfter: pollAfter)
        case .body: CachedResponse(representation, sharedLines, pollAfter: pollAfter)
        }
    }

    /// The response, where it is in memory; `nil` where the client prefers gzip and that has not been made yet.
    func response(to request: Request) -> Response? {
        guard request.prefersGzip else { return response(to: request, identity, or: nil) }
        let (gzipped, isComing) = compression.withLock { compression -> (Encoded?, Bool) in
            switch compression {
            case .useless: (nil, false)
            case .wanted, .running: (nil, true)
            case .done(let encoded): (encoded, false)
            }
        }
        return isComing
            ? nil : response(to: request, gzipped ?? identity, or: gzipped == nil ? nil : identity)
    }

    /// The response in a coding, or 304 where the client holds it in this or the other one: both are its present state.
    private func response(to request: Request, _ encoded: Encoded, or other: Encoded?) -> Response {
        if encoded.isHeld(by: request) { return encoded.notModified }
        if let other, other.isHeld(by: request) { return other.notModified }
        return encoded.full
    }

    /// The response without a coding, where it cannot be compressed at present.
    func identityResponse(to request: Request) -> Response { response(to: request, identity, or: nil) }

    /// Makes the gzip coding, once for all who ask meanwhile; leaves it where too much waits.
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
        // No task of its own: the job ends it, so that it is made also when the first who asked goes away.
        if running === own { startCompression(on: jobs, own) }
        await running?.value
    }

    private func startCompression(on jobs: JobQueue, _ promise: Promise<Void>) {
        let body = identity.full.body
        let work = { @Sendable () -> [UInt8]? in gzip(body).flatMap { $0.count < body.count ? $0 : nil } }
        let finish = { @Sendable (result: [UInt8]??) in
            // Refused: shed, and tried again by the next who asks.
            self.finishCompression(result.map { $0.map(self.gzipped).map(Compression.done) ?? .useless })
            promise.fulfill(())
        }
        if body.count <= Self.shortBytes, let result = jobs.runAtOnce(work) { return finish(result) }
        jobs.submit(behind: JobQueue.maximumWaitingCompressions, work, completion: finish)
    }

    /// Bytes that are compressed in the task that has read them, if a thread of the queue is free in its stead: that takes less time than
    /// to change threads and back.
    private static let shortBytes = 16 * 1024

    private func gzipped(_ body: [UInt8]) -> Encoded {
        Encoded(representation, sharedLines, body: body, isGzip: true, pollAfter: pollAfter)
    }

    private func finishCompression(_ compression: Compression?) {
        self.compression.withLock { $0 = compression ?? .wanted }
    }

    /// Roughly what it takes in memory.
    var byteCount: Int {
        let gzipped = compression.withLock { compression -> Int in
            if case .done(let encoded) = compression { encoded.full.body.count } else { 0 }
        }
        return Self.headBytes + representation.bytes.count + identity.full.body.count + gzipped
    }

    /// Heads, tags, and the objects around them.
    private static let headBytes = 2_048
}
