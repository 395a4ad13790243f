internal import Gzip
internal import HTTP
internal import Synchronization

/// An answer that is ready to be sent to any number of readers: body and heads in both codings, made once.
final class CachedResponse: Sendable {
    let content: Representation
    /// The interval that its heads name.
    let pollAfter: Int
    private let sharedLines: [UInt8]
    private let plain: Form
    private let packing: Mutex<Packing>

    /// A form on the wire. A class, so that it is passed on by one reference.
    private final class Form: Sendable {
        /// Where the tag stands in the head of `notModified`: what is sent anyway need not be held twice.
        private let tagRange: Range<Int>
        let full: Response
        let notModified: Response

        init(
            _ content: Representation, _ sharedLines: [UInt8], body: [UInt8], isPacked: Bool, pollAfter: Int
        ) {
            // Another coding is another representation, so a strong tag must differ (RFC 9110 §8.8.3.3).
            let tag = "\"\(content.tag(pollAfter: pollAfter))\(isPacked ? ".gz" : "")\""
            let headers = content.headers(tag: tag, pollAfter: pollAfter)
            notModified = Response(.notModified, headers: headers).prebuilt(sharedLines: sharedLines)
            let start = "HTTP/1.1 304 Not Modified\r\nETag: ".utf8.count
            tagRange = start..<start + tag.utf8.count
            var full = Response(.ok, headers: headers, body: body)
            content.form.add(to: &full.headers)
            full.headers.addSafety()
            if isPacked { full.headers.add(.contentEncoding, "gzip") }
            self.full = full.prebuilt(sharedLines: sharedLines)
        }

        /// Whether the client has it already.
        func isHeld(by request: Request) -> Bool {
            guard request.has(.ifNoneMatch), let head = notModified.prebuiltHead else { return false }
            return head.withUnsafeBytes {
                request.ifNoneMatch(names: UnsafeRawBufferPointer(rebasing: $0[tagRange]))
            }
        }
    }

    /// Whether there is a compressed form. Smaller bodies do not get smaller.
    private enum Packing {
        case useless
        case wanted
        case running(Task<Void, Never>)
        case done(Form)
    }

    private static let leastPackedBytes = 200

    init(_ content: Representation, _ sharedLines: [UInt8], pollAfter: Int) {
        self.content = content.keptWithBody
        self.sharedLines = sharedLines
        self.pollAfter = pollAfter
        let body = content.body(pollAfter: pollAfter)
        plain = Form(content, sharedLines, body: body, isPacked: false, pollAfter: pollAfter)
        packing = Mutex(body.count < Self.leastPackedBytes ? .useless : .wanted)
    }

    /// The same page with another interval; with the same body, if that does not name the interval.
    private init(_ cached: CachedResponse, pollAfter: Int) {
        content = cached.content
        sharedLines = cached.sharedLines
        self.pollAfter = pollAfter
        plain = Form(
            content, sharedLines, body: cached.plain.full.body, isPacked: false, pollAfter: pollAfter)
        let packed = cached.packing.withLock { packing -> [UInt8]? in
            if case .done(let form) = packing { form.full.body } else { nil }
        }
        let form = packed.map {
            Form(cached.content, cached.sharedLines, body: $0, isPacked: true, pollAfter: pollAfter)
        }
        packing = Mutex(form.map(Packing.done) ?? .wanted)
    }

    /// The page with the interval that is right now.
    func renewed(pollAfter: Int) -> CachedResponse {
        switch content.pollAfter {
        case .none: self
        case .header: CachedResponse(self, pollAfter: pollAfter)
        case .body: CachedResponse(content, sharedLines, pollAfter: pollAfter)
        }
    }

    /// The answer, where it is in memory: `nil` where the client wants the compressed form and that is not there yet.
    func response(to request: Request) -> Response? {
        guard request.prefersGzip else { return response(to: request, plain, or: nil) }
        let (packed, isComing) = packing.withLock { packing -> (Form?, Bool) in
            switch packing {
            case .useless: (nil, false)
            case .wanted, .running: (nil, true)
            case .done(let form): (form, false)
            }
        }
        return isComing ? nil : response(to: request, packed ?? plain, or: packed == nil ? nil : plain)
    }

    /// The form, or word that the client has this or the other one: either is the present state of the page.
    private func response(to request: Request, _ form: Form, or other: Form?) -> Response {
        if form.isHeld(by: request) { return form.notModified }
        if let other, other.isHeld(by: request) { return other.notModified }
        return form.full
    }

    /// The plain form, where the compressed one cannot be made at present.
    func plainResponse(to request: Request) -> Response { response(to: request, plain, or: nil) }

    /// Makes the compressed form, once for all who ask meanwhile; leaves it where too much waits.
    func pack(on jobs: JobQueue) async {
        let task = packing.withLock { packing -> Task<Void, Never>? in
            switch packing {
            case .useless, .done: return nil
            case .running(let task): return task
            case .wanted:
                let task = Task { await self.makePacked(on: jobs) }
                packing = .running(task)
                return task
            }
        }
        await task?.value
    }

    private func makePacked(on jobs: JobQueue) async {
        let body = plain.full.body
        do throws(JobQueue.Refused) {
            let packed = try await jobs.run(behind: Self.waitingPacks) {
                gzip(body).flatMap { $0.count < body.count ? $0 : nil }
            }
            let form = packed.map {
                Form(content, sharedLines, body: $0, isPacked: true, pollAfter: pollAfter)
            }
            packing.withLock { $0 = form.map(Packing.done) ?? .useless }
        } catch {
            packing.withLock { $0 = .wanted }
        }
    }

    /// A page that waits is in memory, and is as good uncompressed.
    static let waitingPacks = 8

    /// Roughly what it takes in memory.
    var byteCount: Int {
        let packed = packing.withLock { packing -> Int in
            if case .done(let form) = packing { form.full.body.count } else { 0 }
        }
        return Self.headBytes + content.bytes.count + plain.full.body.count + packed
    }

    /// Heads, tags, and the objects around them.
    private static let headBytes = 2_048
}
