internal import Gzip
internal import HTTP
internal import Synchronization

/// An answer that is ready to be sent to any number of readers: body and heads in both codings, made once.
final class Page: Sendable {
    let content: PageContent
    /// The interval that its heads name.
    let pollAfter: Int
    private let sharedHeaders: Headers
    private let plain: Form
    private let packing: Mutex<Packing>

    /// A form on the wire.
    private struct Form: Sendable {
        let tag: [UInt8]
        let full: Response
        let notModified: Response

        init(
            _ content: PageContent, _ sharedHeaders: Headers, body: [UInt8], isPacked: Bool, pollAfter: Int
        ) {
            // Another coding is another representation, so a strong tag must differ (RFC 9110 §8.8.3.3).
            let tag = "\"\(content.tag(pollAfter: pollAfter))\(isPacked ? ".gz" : "")\""
            var headers = content.headers(tag: tag, pollAfter: pollAfter)
            headers.add(sharedHeaders)
            self.tag = Array(tag.utf8)
            notModified = Response(.notModified, headers: headers).prebuilt()
            var full = Response(.ok, headers: headers, body: body)
            full.headers.add(.contentType, "application/json")
            if isPacked { full.headers.add(.contentEncoding, "gzip") }
            self.full = full.prebuilt()
        }

        func response(to request: Request) -> Response {
            request.ifNoneMatch(names: tag) ? notModified : full
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

    init(_ content: PageContent, _ sharedHeaders: Headers, pollAfter: Int) {
        self.content = content
        self.sharedHeaders = sharedHeaders
        self.pollAfter = pollAfter
        let body = content.body(pollAfter: pollAfter)
        plain = Form(content, sharedHeaders, body: body, isPacked: false, pollAfter: pollAfter)
        packing = Mutex(body.count < Self.leastPackedBytes ? .useless : .wanted)
    }

    /// The same page with another interval; with the same body, if that does not name the interval.
    private init(_ page: Page, pollAfter: Int) {
        content = page.content
        sharedHeaders = page.sharedHeaders
        self.pollAfter = pollAfter
        plain = Form(
            content, sharedHeaders, body: page.plain.full.body, isPacked: false, pollAfter: pollAfter)
        let packed = page.packing.withLock { packing -> [UInt8]? in
            if case .done(let form) = packing { form.full.body } else { nil }
        }
        let form = packed.map {
            Form(page.content, page.sharedHeaders, body: $0, isPacked: true, pollAfter: pollAfter)
        }
        packing = Mutex(form.map(Packing.done) ?? .wanted)
    }

    /// The page with the interval that is right now.
    func renewed(pollAfter: Int) -> Page {
        switch content.pollAfter {
        case .none: self
        case .header: Page(self, pollAfter: pollAfter)
        case .body: Page(content, sharedHeaders, pollAfter: pollAfter)
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
        let response = form.response(to: request)
        if response.status == .notModified { return response }
        guard let other, request.ifNoneMatch(names: other.tag) else { return response }
        return other.notModified
    }

    /// Makes the compressed form, once for all who ask meanwhile.
    func pack() async {
        let task = packing.withLock { packing -> Task<Void, Never>? in
            switch packing {
            case .useless, .done: return nil
            case .running(let task): return task
            case .wanted:
                let task = Task { self.makePacked() }
                packing = .running(task)
                return task
            }
        }
        await task?.value
    }

    private func makePacked() {
        let body = plain.full.body
        let packed = gzip(body).flatMap { $0.count < body.count ? $0 : nil }
        let form = packed.map { Form(content, sharedHeaders, body: $0, isPacked: true, pollAfter: pollAfter) }
        packing.withLock { $0 = form.map(Packing.done) ?? .useless }
    }

    /// Roughly what it takes in memory.
    var byteCount: Int {
        let packed = packing.withLock { packing -> Int in
            if case .done(let form) = packing { form.full.body.count } else { 0 }
        }
        return Self.headBytes + plain.full.body.count + packed
    }

    /// Heads, tags, and the objects around them.
    private static let headBytes = 2_048
}
