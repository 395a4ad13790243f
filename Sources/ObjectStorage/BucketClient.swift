// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import Glibc
internal import HTTP
internal import MediaFiles
internal import Outbound
internal import Stories

/// The requests of Amazon S3's API that a storage of media needs: PutObject, GetObject, DeleteObject, ListObjectsV2. All are idempotent,
/// and repeated when the storage is out of reach or says that it is at fault.
struct BucketClient: Sendable {
    /// For reads, which may be many; writes and removals do not wait behind them.
    private let reader: HTTPFetcher
    private let writer: HTTPFetcher
    private let signer: RequestSigner
    private let place: BucketPlace
    private let address: BucketAddress
    private let attempts: Int

    /// Reads, and writes, at a time.
    private static let concurrency = ParallelWork.width
    /// More than any file of an asset has.
    private static let maximumObjectBytes = 1 << 30
    private static let maximumAnswerBytes = 4 << 20
    /// SHA-256 of nothing, the checksum of requests without a body.
    private static let emptyChecksum = hexadecimal(sha256([]))

    init(_ settings: BucketSettings, userAgent: String) {
        (signer, place) = (RequestSigner(access: settings.access), settings.place)
        (address, attempts) = (settings.address, settings.attempts)
        // The operator has named the storage, which may well be in the own network.
        let http = HTTPFetcher.Settings(
            .any, userAgent: userAgent, timeout: .seconds(120), concurrency: Self.concurrency)
        (reader, writer) = (HTTPFetcher(http), HTTPFetcher(http))
    }

    /// Stores a file, whose SHA-256 the storage compares with what arrives.
    func put(_ file: FileBody, checksum: [UInt8], type: String, as key: String) async throws(FileError) {
        var request = self.request(.put, key, checksum: hexadecimal(checksum))
        request.headers[.contentType] = type
        request.file = file
        _ = try await answer(to: request, about: key)
    }

    /// Appends an object to an open file that is empty. ``HTTP/FileError/isMissing`` if there is none.
    func get(_ key: String, into descriptor: Int32) async throws(FileError) {
        var request = self.request(.get, key)
        request.reading = .file(descriptor, atMost: Self.maximumObjectBytes)
        _ = try await answer(to: request, about: key) {
            // A part of it may be there, of an attempt before.
            _ = ftruncate(descriptor, 0)
            lseek(descriptor, 0, SEEK_SET)
        }
    }

    /// Removes an object. One that is not there is no error.
    func delete(_ key: String) async throws(FileError) {
        do throws(FileError) {
            _ = try await answer(to: request(.delete, key), about: key)
        } catch  where error.isMissing {}
    }

    /// Calls `take` with each page of the objects whose keys begin with the bucket's prefix and this text.
    func list(_ start: String, _ take: ([BucketListing.Object]) -> Void) async throws(FileError) {
        var continuation: String?
        repeat {
            // In the order of the names, by which the signature is made.
            let token = continuation.map { "continuation-token=\(Self.encoded($0))&" } ?? ""
            let query = "\(token)list-type=2&prefix=\(Self.encoded(address.prefix + start))"
            let response = try await answer(to: request(.get, nil, query), about: start)
            guard let page = BucketListing(response.body) else {
                throw FileError(
                    call: "GET \(address)\(start)", code: EIO, detail: "the list of objects is not one")
            }
            take(page.objects)
            continuation = page.continuation
        } while continuation != nil
    }

    // MARK: Requests

    private func request(
        _ method: Method, _ key: String?, _ query: String = "", checksum: String = emptyChecksum
    ) -> OutboundRequest {
        let path = place.path + (key.map { address.prefix + $0 } ?? "")
        var request = OutboundRequest(
            method, place.origin + path + (query.utf8.isEmpty ? "" : "?" + query),
            headers: [.host: place.host],
            reading: .body(atMost: Self.maximumAnswerBytes))
        let fields = signer.fields(
            method.rawValue, host: place.host, path: path, query: query, checksum: checksum, at: Self.now)
        for field in fields { request.headers.add(HeaderName(field.name), field.value) }
        return request
    }

    private static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Sends a request until it is answered for good. `key`: what errors say it was about.
    private func answer(
        to request: OutboundRequest, about key: String, preparing prepare: () -> Void = {}
    ) async throws(FileError) -> OutboundResponse {
        let call = "\(request.method.rawValue) \(address)\(key)"
        var attempt = 1
        while true {
            prepare()
            switch await outcome(of: request, call) {
            case .success(let response): return response
            case .failure(let failure):
                guard failure.isTransient, attempt < attempts else { throw failure.error }
            }
            // Exponential back-off with full jitter.
            try? await Task.sleep(for: .milliseconds(Int.random(in: 0...(200 << attempt))))
            attempt += 1
        }
    }

    private struct Failure: Error {
        let error: FileError
        let isTransient: Bool
    }

    private func outcome(
        of request: OutboundRequest, _ call: String
    ) async -> Result<OutboundResponse, Failure> {
        do throws(OutboundError) {
            let response = try await (request.method == .get ? reader : writer).fetch(request)
            if (200..<300).contains(response.status.code) { return .success(response) }
            return .failure(Self.failure(call, response))
        } catch {
            return .failure(
                Failure(error: FileError(call: call, code: EIO, detail: error.message), isTransient: true))
        }
    }

    private static func failure(_ call: String, _ response: OutboundResponse) -> Failure {
        let status = response.status.code
        let reason = XMLText.text(of: "Code", in: response.body[...])
        let code: Int32 =
            switch status {
            // A missing bucket, or the 404 of a proxy, is an error of the configuration.
            case 404 where reason == "NoSuchKey": ENOENT
            case 401, 403: EACCES
            default: EIO
            }
        let detail = "the object storage answers \(status)\(words(reason, of: response))"
        return Failure(
            error: FileError(call: call, code: code, detail: detail),
            isTransient: status >= 500 || status == 429 || status == 408)
    }

    /// The storage's words. Only of these elements, as others repeat the request with the id of the key and the signature.
    private static func words(_ reason: String?, of response: OutboundResponse) -> String {
        let message = XMLText.text(of: "Message", in: response.body[...])
        let words = [reason, message].compactMap { $0 }.joined(separator: ": ").utf8.prefix(300)
        let printable = words.map { $0 < 0x20 || $0 > 0x7E ? UInt8(ascii: " ") : $0 }
        return printable.isEmpty ? "" : " (\(String(decoding: printable, as: UTF8.self)))"
    }

    /// Percent-encoded as signatures want it: all but unreserved characters (RFC 3986 §2.3).
    private static func encoded(_ text: String) -> String {
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.append(byte)
            default: encoded += [UInt8(ascii: "%")] + hexDigits(of: byte)
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func hexDigits(of byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
