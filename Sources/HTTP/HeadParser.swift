// SPDX-License-Identifier: Apache-2.0
/// Incremental parser of a request head. The result does not depend on how the bytes are split into reads.
struct HeadParser {
    private let sharedLimits: SharedLimits
    private var limits: Limits { sharedLimits.values }
    /// Start of the next line; the head's length once it is complete.
    private(set) var position = 0
    /// Whether it is a HEAD request, as far as is known yet.
    var isForHead: Bool { line?.method == .head }
    /// How far the current line has been searched for its end.
    private var scanned = 0
    private var emptyLines = 0
    private var lineNumber = 0
    private var line: RequestLine?
    private var fields: [RequestHead.Field] = []
    private var framing = FramingReader()

    init(limits: SharedLimits) { sharedLimits = limits }

    /// Continues parsing. `bytes` start at the head's first byte and include all bytes passed before.
    ///
    /// - Returns: the head; `nil` if it is incomplete.
    mutating func parse(_ bytes: Span<UInt8>) throws(RequestFailure) -> RequestHead? {
        while let range = try nextLine(bytes) {
            if let line {
                if range.isEmpty { return try finish(line, bytes) }
                try readField(bytes, range)
            } else if range.isEmpty {
                try skipEmptyLine()
            } else {
                line = try RequestLine(bytes, range, limits: limits)
                fields.reserveCapacity(12)
            }
        }
        return nil
    }

    private mutating func nextLine(_ bytes: Span<UInt8>) throws(RequestFailure) -> Range<Int>? {
        do {
            guard try LineScanner.findEnd(in: bytes, from: &scanned, bound: bound) else { return nil }
        } catch {
            throw failure(error)
        }
        defer {
            position = scanned + 2
            scanned = position
            lineNumber += 1
        }
        return position..<scanned
    }

    /// Where the current line must end. The request line has its own limit, so that a long target is 414 rather than 431.
    private var bound: Int {
        // `headBytes` may be configured below what the request line has used already.
        guard line == nil else { return max(limits.headBytes, position) }
        return position + limits.methodBytes + limits.targetBytes + RequestLine.fixedBytes
    }

    private func failure(_ fault: LineScanner.LineError) -> RequestFailure {
        switch (fault, line) {
        case (.tooLong, nil): RequestLine.targetTooLong(limits)
        case (.tooLong, _):
            RequestFailure(
                .requestHeaderFieldsTooLarge, "the head is longer than \(limits.headBytes) bytes")
        case (_, nil): RequestFailure(.badRequest, "the request line \(fault.detail)")
        case (_, _): RequestFailure(.badRequest, "the header line \(lineNumber) \(fault.detail)")
        }
    }

    /// Empty lines before the request line are ignored (RFC 9112 §2.2), up to a limit.
    private mutating func skipEmptyLine() throws(RequestFailure) {
        emptyLines += 1
        lineNumber = 0
        guard emptyLines <= limits.leadingEmptyLines else {
            throw RequestFailure(.badRequest, "there are too many empty lines before the request line")
        }
    }

    private mutating func readField(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(RequestFailure) {
        guard fields.count < limits.headerCount else {
            throw RequestFailure(
                .requestHeaderFieldsTooLarge, "there are more than \(limits.headerCount) header lines")
        }
        // `lineNumber` includes the request line and this line.
        let field = try FieldLine(bytes, range, name: "header line \(lineNumber - 1)")
        try framing.read(name: bytes.extracting(field.name), value: bytes.extracting(field.value))
        fields.append(
            RequestHead.Field(
                name: UInt32(field.name.lowerBound)..<UInt32(field.name.upperBound),
                value: UInt32(field.value.lowerBound)..<UInt32(field.value.upperBound)))
    }

    private func finish(_ line: RequestLine, _ bytes: Span<UInt8>) throws(RequestFailure) -> RequestHead {
        let framing = try framing.finish(line: line)
        let copy = bytes.extracting(0..<position).withUnsafeBufferPointer { Array($0) }
        return RequestHead(bytes: copy, line: line, fields: fields, framing: framing)
    }
}
