// SPDX-License-Identifier: Apache-2.0
/// Incremental decoder of the chunked transfer coding (RFC 9112 §7.1). Trailers are validated and dropped.
struct ChunkedDecoder {
    private enum Phase {
        case size
        case data(remaining: Int)
        case dataEnd
        case trailers
    }

    private let sharedLimits: SharedLimits
    private var limits: Limits { sharedLimits.values }
    /// Bytes of the decoded body, at most.
    private let bodyBytes: Int
    /// Bytes of the decoded body that were taken out of the buffer.
    private var takenBytes = 0
    private var phase = Phase.size
    private var extensionBytes = 0
    private var trailerBytes = 0
    private var trailerCount = 0

    init(limits: SharedLimits, bodyBytes: Int) {
        sharedLimits = limits
        self.bodyBytes = bodyBytes
    }

    /// Decodes the bytes from `position` on, and advances it past what was consumed.
    ///
    /// - Returns: whether the body is complete.
    mutating func decode(
        _ bytes: Span<UInt8>, _ position: inout Int, into body: inout [UInt8]
    ) throws(RequestFailure) -> Bool {
        while true {
            switch phase {
            case .size:
                guard let line = try line(bytes, position, limits.chunkLineBytes, .badRequest, "chunk size")
                else {
                    return false
                }
                try readSize(bytes, line, bodyCount: takenBytes + body.count)
                position = line.upperBound + 2
            case .data(let remaining):
                guard readData(bytes, &position, remaining, into: &body) else { return false }
            case .dataEnd:
                guard try skipDataEnd(bytes, &position) else { return false }
                phase = .size
            case .trailers:
                let bound = limits.headBytes - trailerBytes
                guard let line = try line(bytes, position, bound, .requestHeaderFieldsTooLarge, "trailer")
                else {
                    return false
                }
                position = line.upperBound + 2
                if line.isEmpty { return true }
                try readTrailer(bytes, line)
            }
        }
    }

    /// The buffer with that many decoded bytes was emptied.
    mutating func hasTaken(_ count: Int) { takenBytes += count }

    private func line(
        _ bytes: Span<UInt8>, _ start: Int, _ bound: Int, _ tooLong: Status, _ name: String
    ) throws(RequestFailure) -> Range<Int>? {
        var end = start
        do {
            return try LineScanner.findEnd(in: bytes, from: &end, bound: start + bound) ? start..<end : nil
        } catch {
            let status = if case .tooLong = error { tooLong } else { Status.badRequest }
            throw RequestFailure(status, "a line with a \(name) \(error.detail)")
        }
    }

    /// `chunk-size [ chunk-ext ]`; the last chunk has size 0, and trailers follow it.
    private mutating func readSize(
        _ bytes: Span<UInt8>, _ line: Range<Int>, bodyCount: Int
    ) throws(RequestFailure) {
        var (size, index) = (0, line.lowerBound)
        while index < line.upperBound, let digit = bytes[index].hexValue {
            // Saturating arithmetic: far above any limit, and never an overflow.
            size = min(size, Int(UInt32.max)) << 4 | Int(digit)
            index += 1
        }
        guard index > line.lowerBound, ChunkExtension.isValid(bytes.extracting(index..<line.upperBound))
        else {
            throw RequestFailure(
                .badRequest, "a chunk size is not a hexadecimal number, or its extension is malformed")
        }
        extensionBytes += line.upperBound - index
        guard extensionBytes <= limits.chunkExtensionBytes else {
            throw RequestFailure(.badRequest, "the chunk extensions are too long")
        }
        guard size <= bodyBytes - bodyCount else { throw Self.bodyTooLarge(bodyBytes) }
        phase = size == 0 ? .trailers : .data(remaining: size)
    }

    /// Consumes the available bytes of a chunk's data; returns whether the chunk is complete.
    private mutating func readData(
        _ bytes: Span<UInt8>, _ position: inout Int, _ remaining: Int, into body: inout [UInt8]
    ) -> Bool {
        let count = min(remaining, bytes.count - position)
        body.append(bytes, position..<position + count)
        position += count
        phase = count == remaining ? .dataEnd : .data(remaining: remaining - count)
        return count == remaining
    }

    static func bodyTooLarge(_ bound: Int) -> RequestFailure {
        RequestFailure(.contentTooLarge, "the body is longer than \(bound) bytes")
    }

    private func skipDataEnd(_ bytes: Span<UInt8>, _ position: inout Int) throws(RequestFailure) -> Bool {
        for (offset, wanted) in ASCII.crlf.enumerated() where position + offset < bytes.count {
            guard bytes[position + offset] == wanted else {
                throw RequestFailure(.badRequest, "a chunk is longer than its size says")
            }
        }
        guard position + 1 < bytes.count else { return false }
        position += 2
        return true
    }

    private mutating func readTrailer(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(RequestFailure) {
        trailerBytes += line.count + 2
        trailerCount += 1
        guard trailerCount <= limits.headerCount else {
            throw RequestFailure(
                .requestHeaderFieldsTooLarge, "there are more than \(limits.headerCount) trailer lines")
        }
        _ = try FieldLine(bytes, line, name: "trailer line \(trailerCount)")
    }
}

/// Validates `chunk-ext` (RFC 9112 §7.1.1). Extensions are otherwise ignored.
enum ChunkExtension {
    static func isValid(_ bytes: Span<UInt8>) -> Bool {
        var index = 0
        while index < bytes.count {
            skipWhitespace(bytes, &index)
            guard index < bytes.count, bytes[index] == ASCII.semicolon else { return false }
            index += 1
            skipWhitespace(bytes, &index)
            guard skipToken(bytes, &index) else { return false }
            var next = index
            skipWhitespace(bytes, &next)
            guard next < bytes.count, bytes[next] == ASCII.equals else { continue }
            index = next + 1
            skipWhitespace(bytes, &index)
            guard skipQuoted(bytes, &index) || skipToken(bytes, &index) else { return false }
        }
        return true
    }

    private static func skipWhitespace(_ bytes: Span<UInt8>, _ index: inout Int) {
        while index < bytes.count, bytes[index].isWhitespace { index += 1 }
    }

    private static func skipToken(_ bytes: Span<UInt8>, _ index: inout Int) -> Bool {
        let start = index
        while index < bytes.count, ASCII.isToken(bytes.extracting(index..<index + 1)) { index += 1 }
        return index > start
    }

    private static func skipQuoted(_ bytes: Span<UInt8>, _ index: inout Int) -> Bool {
        guard index < bytes.count, bytes[index] == ASCII.quote else { return false }
        var end = index + 1
        while end < bytes.count, bytes[end] != ASCII.quote { end += bytes[end] == ASCII.backslash ? 2 : 1 }
        guard end < bytes.count else { return false }
        index = end + 1
        return true
    }
}

extension [UInt8] {
    /// Appends a range of the input.
    mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        bytes.extracting(range).withUnsafeBufferPointer { append(contentsOf: $0) }
    }
}
