// SPDX-License-Identifier: Apache-2.0
internal import CCurl
internal import Glibc
internal import HTTP

/// One request over a connection of its own, without redirects. Blocks its thread. Used once.
struct Transfer {
    let request: OutboundRequest
    let url: OutboundURL
    let settings: HTTPFetcher.Settings
    /// For the whole transfer.
    let timeout: Duration
    /// Whether a redirect's body is of no interest.
    let followsRedirects: Bool

    func run() throws(OutboundError) -> OutboundResponse {
        guard let handle = ccurl_easy_init() else { throw .failed("out of memory") }
        let reception = Reception(
            AddressGuard(settings.policy), reading: request.reading, followsRedirects: followsRedirects)
        let entry = UnsafeMutablePointer<ccurl_guard_entry>.allocate(capacity: 1)
        let detail = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        detail.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        let lists = Lists()
        let upload = request.file.map(Upload.init)
        defer {
            ccurl_easy_cleanup(handle)
            withExtendedLifetime((reception, lists, upload)) {}
            entry.deallocate()
            detail.deallocate()
        }
        let options = Options(handle)
        options.check(reception.attach(to: handle, entry))
        options.set(CURLOPT_ERRORBUFFER, pointer: detail)
        setConnection(options, lists)
        if let upload { upload.attach(to: options) }
        try setMessage(options, lists)
        guard let failed = options.failure else {
            let code = withBody(options) { ccurl_easy_perform(handle) }
            return try response(
                code, reception,
                Trouble(detail: String(cString: detail), errno: ccurl_os_errno(handle)))
        }
        throw .failed("libcurl refuses an option: " + String(cString: ccurl_easy_strerror(failed)))
    }

    // MARK: Options

    private func setConnection(_ options: Options, _ lists: Lists) {
        options.set(CURLOPT_CURLU, pointer: UnsafeRawPointer(url.handle))
        options.set(CURLOPT_PROTOCOLS_STR, "http,https")
        options.set(CURLOPT_FOLLOWLOCATION, 0)
        options.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        options.set(CURLOPT_FRESH_CONNECT, 1)
        options.set(CURLOPT_FORBID_REUSE, 1)
        // Otherwise time-outs of look-ups would be signals.
        options.set(CURLOPT_NOSIGNAL, 1)
        // A look-up that takes longer than the time-out goes on in its thread, not in this one.
        options.set(CURLOPT_QUICK_EXIT, 1)
        // Not null: that would take the proxy from the environment.
        options.set(CURLOPT_PROXY, "")
        options.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        options.set(CURLOPT_SSL_VERIFYPEER, 1)
        options.set(CURLOPT_SSL_VERIFYHOST, 2)
        options.set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        if let file = settings.certificateFile { options.set(CURLOPT_CAINFO, file) }
        options.set(CURLOPT_CONNECTTIMEOUT_MS, min(settings.connectTimeout, timeout).wholeMilliseconds)
        options.set(CURLOPT_TIMEOUT_MS, timeout.wholeMilliseconds)
        if let limit = request.reading.limit, limit > 0, request.method != .head {
            options.check(ccurl_set_offset(options.handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(limit)))
        }
        if let resolve = settings.resolve {
            resolve(url.host).forEach { lists.add("\(url.host):\(url.port):\($0)", to: \.addresses) }
            options.set(CURLOPT_RESOLVE, pointer: lists.addresses)
        }
    }

    private func setMessage(_ options: Options, _ lists: Lists) throws(OutboundError) {
        let method = request.method.rawValue
        guard Self.isToken(method) else { throw .malformedRequest("its method is not one") }
        if request.body != nil { options.set(CURLOPT_POST, 1) }
        if request.method == .head { options.set(CURLOPT_NOBODY, 1) }
        options.set(CURLOPT_CUSTOMREQUEST, method)
        options.set(CURLOPT_USERAGENT, settings.userAgent)
        for field in request.headers.fields {
            let (name, value) = (field.name.text, field.value)
            guard Self.isToken(name), value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 9 }) else {
                throw .malformedRequest("the field \(name) is malformed")
            }
            // A semicolon stands for an empty value; a colon alone would leave the field out.
            lists.add(value.utf8.isEmpty ? "\(name);" : "\(name): \(value)", to: \.fields)
        }
        // libcurl's own: fields of forms, and a wait for 100 before bodies over 1 MB.
        for name in [HeaderName.accept, .contentType, .expect] where request.headers[name] == nil {
            lists.add("\(name):", to: \.fields)
        }
        lists.add("Connection: close", to: \.fields)
        options.set(CURLOPT_HTTPHEADER, pointer: lists.fields)
    }

    /// The body must stay where it is during the transfer.
    private func withBody(_ options: Options, _ perform: () -> CURLcode) -> CURLcode {
        guard let body = request.body else { return perform() }
        options.check(
            ccurl_set_offset(options.handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
        // Without an address libcurl would ask for the body by a callback.
        return (body.isEmpty ? [0] : body).withUnsafeBytes { bytes in
            options.set(CURLOPT_POSTFIELDS, pointer: bytes.baseAddress)
            return options.failure ?? perform()
        }
    }

    /// Whether the text is a token (RFC 9110 §5.6.2).
    private static func isToken(_ text: String) -> Bool {
        !text.utf8.isEmpty
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\"(),/:;<=>?@[\\]{}".utf8.contains($0) }
    }

    // MARK: Result

    /// What libcurl says of a failure.
    private struct Trouble {
        let detail: String
        let errno: Int
    }

    private func response(
        _ code: CURLcode, _ reception: Reception, _ trouble: Trouble
    ) throws(OutboundError) -> OutboundResponse {
        let isWhole = code == CURLE_OK || code == CURLE_WRITE_ERROR && reception.end == .complete
        guard isWhole else { throw error(code, reception, trouble) }
        guard reception.hasHead else {
            throw .malformedResponse(host: url.host, reason: "it has no head")
        }
        return OutboundResponse(
            url: url.text, status: Status(reception.code), headers: reception.headers, body: reception.body)
    }

    private func error(_ code: CURLcode, _ reception: Reception, _ trouble: Trouble) -> OutboundError {
        let host = url.host
        let reason = trouble.detail.utf8.isEmpty ? String(cString: ccurl_easy_strerror(code)) : trouble.detail
        return switch code {
        case CURLE_WRITE_ERROR: limitError(reception)
        case CURLE_FILESIZE_EXCEEDED: limitError(body: host)
        // A single line over libcurl's own limit of 100 KiB.
        case CURLE_OUT_OF_MEMORY where !reception.hasHead:
            .headTooLarge(host: host, limit: Reception.maximumHeadBytes)
        case CURLE_COULDNT_RESOLVE_HOST: .unresolved(host: host)
        case CURLE_COULDNT_CONNECT: connectionError(reception, trouble, reason)
        case CURLE_OPERATION_TIMEDOUT: .timedOut(host: host)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CERTPROBLEM:
            .tls(host: host, reason: reason)
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE:
            .interrupted(host: host, reason: reason)
        // The second is its code for HTTP/0.9.
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL:
            .malformedResponse(host: host, reason: reason)
        case CURLE_URL_MALFORMAT: .malformedURL(reason)
        case CURLE_ABORTED_BY_CALLBACK: .failed("the request's body cannot be read")
        default: .failed("the request to \(host) failed: \(reason)")
        }
    }

    private func limitError(_ reception: Reception) -> OutboundError {
        switch reception.end {
        case .headTooLarge: .headTooLarge(host: url.host, limit: Reception.maximumHeadBytes)
        case .malformed: .malformedResponse(host: url.host, reason: "its status line has no status")
        case .unwritable(let error): .failed("the response cannot be stored: \(error)")
        default: limitError(body: url.host)
        }
    }

    private func limitError(body host: String) -> OutboundError {
        guard let limit = request.reading.limit else { return .failed("the response was not read") }
        return .bodyTooLarge(host: host, limit: limit)
    }

    /// A name may have addresses that are refused beside others that cannot be reached.
    private func connectionError(
        _ reception: Reception, _ trouble: Trouble, _ reason: String
    ) -> OutboundError {
        if let refusal = reception.refusal, !reception.hasTried {
            return .refusedAddress(refusal.address.host, reason: refusal.reason)
        }
        let system = trouble.errno == 0 ? reason : String(cString: strerror(Int32(trouble.errno)))
        return .unreachable(host: url.host, port: url.port, reason: system)
    }
}

/// A file that is being sent as the body of a request.
private final class Upload {
    private let file: FileBody
    private var offset = 0

    init(_ file: FileBody) { self.file = file }

    func attach(to options: Options) {
        options.set(CURLOPT_UPLOAD, 1)
        options.check(
            ccurl_set_offset(options.handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(file.size)))
        options.check(
            ccurl_set_sender(
                options.handle,
                { bytes, size, count, context in
                    guard let bytes, let context else { return Int(CURL_READFUNC_ABORT) }
                    return Unmanaged<Upload>.fromOpaque(context).takeUnretainedValue()
                        .read(bytes, atMost: size * count)
                }, Unmanaged.passUnretained(self).toOpaque()))
    }

    private func read(_ bytes: UnsafeMutablePointer<CChar>, atMost limit: Int) -> Int {
        while true {
            let count = pread(file.descriptor, bytes, min(limit, file.size - offset), off_t(offset))
            if count < 0, errno == EINTR { continue }
            // A file that got shorter is a failure, too: the length is announced.
            guard count > 0 || offset == file.size else { return Int(CURL_READFUNC_ABORT) }
            offset += count
            return count
        }
    }
}

/// Options of a handle; the first that is refused is kept.
private final class Options {
    let handle: UnsafeMutableRawPointer
    private(set) var failure: CURLcode?

    init(_ handle: UnsafeMutableRawPointer) { self.handle = handle }

    func check(_ code: CURLcode) {
        if code != CURLE_OK, failure == nil { failure = code }
    }

    func set(_ option: CURLoption, _ value: Int) { check(ccurl_set_long(handle, option, value)) }
    func set(_ option: CURLoption, _ value: String) { check(ccurl_set_string(handle, option, value)) }
    func set(_ option: CURLoption, pointer: UnsafeRawPointer?) {
        check(ccurl_set_pointer(handle, option, pointer))
    }
}

/// libcurl's lists, which it does not copy.
private final class Lists {
    var fields: UnsafeMutablePointer<curl_slist>?
    var addresses: UnsafeMutablePointer<curl_slist>?

    deinit {
        ccurl_slist_free_all(fields)
        ccurl_slist_free_all(addresses)
    }

    func add(_ text: String, to list: ReferenceWritableKeyPath<Lists, UnsafeMutablePointer<curl_slist>?>) {
        if let longer = ccurl_slist_append(self[keyPath: list], text) { self[keyPath: list] = longer }
    }
}

extension Duration {
    /// At least 1: libcurl takes 0 as no limit.
    fileprivate var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        return max(1, Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
