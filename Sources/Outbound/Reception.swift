// SPDX-License-Identifier: Apache-2.0
internal import CCurl
internal import Glibc
internal import HTTP

/// What arrives of a response, within its limits, and what the guard has decided on the way to it. libcurl calls it on the thread of the
/// transfer only.
final class Reception {
    private let addressGuard: AddressGuard
    private let reading: OutboundRequest.Reading
    private let followsRedirects: Bool

    /// Why the transfer was ended from here.
    enum End: Equatable {
        /// Nothing more is wanted.
        case complete
        case headTooLarge
        case bodyTooLarge
        case malformed
        /// The file for the body could not be written.
        case unwritable(FileError)
    }

    private(set) var end: End?
    /// The status, once its line has arrived; 0 before.
    private(set) var code = 0
    private(set) var headers = Headers()
    private(set) var body: [UInt8] = []
    /// Whether the head of the final response is there.
    private(set) var hasHead = false
    /// The first address that was refused, and why.
    private(set) var refusal: (address: SocketAddress, reason: String)?
    /// Whether a connection was allowed to be tried.
    private(set) var hasTried = false
    private var headBytes = 0
    private var bodyBytes = 0

    /// Limit of all heads of a response, interim ones and trailers included.
    static let maximumHeadBytes = 65_536

    init(_ addressGuard: AddressGuard, reading: OutboundRequest.Reading, followsRedirects: Bool) {
        (self.addressGuard, self.reading) = (addressGuard, reading)
        self.followsRedirects = followsRedirects
    }

    /// Whether a connection may be made to the address.
    func allows(_ address: UnsafeRawPointer, length: Int) -> Bool {
        // What is not IP is refused.
        guard let address = SocketAddress(system: address, length: length) else { return false }
        if let reason = addressGuard.refusal(of: address) {
            if refusal == nil { refusal = (address, reason) }
            return false
        }
        hasTried = true
        return true
    }

    /// Takes a line of the head, with its end; returns whether the transfer goes on.
    func takeLine(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        headBytes += line.count
        if headBytes > Self.maximumHeadBytes { return finish(.headTooLarge) }
        // Trailers are of no use here.
        if hasHead { return true }
        let text = line.prefix { $0 != 13 && $0 != 10 }
        if text.starts(with: "HTTP/".utf8) { return begin(Array(text)) }
        if text.isEmpty { return endHead() }
        addField(Array(text))
        return true
    }

    /// A status line, `HTTP/1.1 200 OK`: of the response, or of an interim one before it.
    private func begin(_ line: [UInt8]) -> Bool {
        headers = Headers()
        let digits = line.drop { $0 != 32 }.dropFirst().prefix { $0 != 32 }
        code = Int(String(decoding: digits, as: UTF8.self)) ?? 0
        return (100...599).contains(code) || finish(.malformed)
    }

    private func addField(_ line: [UInt8]) {
        // Continuations of a folded line (RFC 9112 §5.2) are left out.
        guard let first = line.first, first != 32, first != 9, let colon = line.firstIndex(of: 58) else {
            return
        }
        let value = line[(colon + 1)...].drop { $0 == 32 || $0 == 9 }
        let end = value.lastIndex { $0 != 32 && $0 != 9 }.map { $0 + 1 } ?? value.startIndex
        headers.add(
            HeaderName(String(decoding: line[..<colon], as: UTF8.self)),
            String(decoding: value[..<end], as: UTF8.self))
    }

    private func endHead() -> Bool {
        guard code >= 200 else { return true }
        hasHead = true
        let isRedirect = followsRedirects && OutboundResponse.redirecting.contains(code)
        return reading != .head && !isRedirect || finish(.complete)
    }

    /// Takes a part of the body; returns whether the transfer goes on.
    func takeBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        switch reading {
        case .head: return finish(.complete)
        case .beginning(let limit):
            body.append(contentsOf: bytes.prefix(limit - body.count))
            return body.count < limit || finish(.complete)
        case .body(let limit): return take(bytes, atMost: limit)
        case .file(let descriptor, let limit):
            return take(bytes, atMost: limit, (200..<300).contains(code) ? descriptor : nil)
        }
    }

    /// Takes a part of a body that is read whole: into memory, or into a file.
    private func take(_ bytes: UnsafeBufferPointer<UInt8>, atMost limit: Int, _ descriptor: Int32? = nil)
        -> Bool
    {
        guard bytes.count <= limit - bodyBytes else { return finish(.bodyTooLarge) }
        bodyBytes += bytes.count
        guard let descriptor else {
            body.append(contentsOf: bytes)
            return true
        }
        return append(UnsafeRawBufferPointer(bytes), to: descriptor)
    }

    private func append(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                return finish(.unwritable(FileError(call: "write", code: errno)))
            }
        }
        return true
    }

    private func finish(_ end: End) -> Bool {
        self.end = end
        return false
    }
}

// MARK: libcurl's callbacks

extension Reception {
    /// Has the handle call this object, which must outlive it, as must `entry`.
    func attach(
        to handle: UnsafeMutableRawPointer, _ entry: UnsafeMutablePointer<ccurl_guard_entry>
    ) -> CURLcode {
        let context = Unmanaged.passUnretained(self).toOpaque()
        entry.initialize(
            to: ccurl_guard_entry(
                is_allowed: { context, address, length in
                    guard let context, let address else { return 0 }
                    return Reception.at(context).allows(address, length: Int(length)) ? 1 : 0
                }, context: context))
        let codes = [
            ccurl_set_guard(handle, entry),
            ccurl_set_receiver(
                handle, CURLOPT_HEADERFUNCTION, CURLOPT_HEADERDATA,
                { Reception.take($0, $1 * $2, $3) { $0.takeLine($1) } }, context),
            ccurl_set_receiver(
                handle, CURLOPT_WRITEFUNCTION, CURLOPT_WRITEDATA,
                { Reception.take($0, $1 * $2, $3) { $0.takeBody($1) } }, context),
        ]
        return codes.first { $0 != CURLE_OK } ?? CURLE_OK
    }

    private static func at(_ context: UnsafeMutableRawPointer) -> Reception {
        Unmanaged<Reception>.fromOpaque(context).takeUnretainedValue()
    }

    /// Returns the number of bytes if the transfer goes on, otherwise one that ends it.
    private static func take(
        _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
        _ body: (Reception, UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Int {
        guard let context else { return 0 }
        let raw = UnsafeRawBufferPointer(start: bytes, count: count)
        let goesOn = raw.withMemoryRebound(to: UInt8.self) { body(at(context), $0) }
        return goesOn ? count : count &+ 1
    }
}

extension OutboundRequest.Reading {
    /// Bytes of the body, at most; `nil` if it is not read whole.
    var limit: Int? {
        switch self {
        case .head, .beginning: nil
        case .body(let limit), .file(_, let limit): limit
        }
    }
}
