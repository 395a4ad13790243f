// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Parser of `multipart/form-data` (RFC 7578; RFC 2046 §5.1.1), which reads the body in windows.
struct MultipartParser {
    private let source: ByteSource
    /// CRLF, two hyphens and the boundary. The CRLF belongs to the delimiter, not to the content before it.
    private let delimiter: [UInt8]
    private let windowBytes: Int

    /// Maximum of spaces and tabs after a boundary ("transport padding"): RFC 2046 §5.1.1 allows any number, clients send none.
    private static let paddingBytes = 64

    /// - Parameter windowBytes: bytes that are read at a time; more than a delimiter has.
    init(source: ByteSource, boundary: [UInt8], windowBytes: Int) {
        self.source = source
        self.windowBytes = windowBytes
        delimiter = ASCII.crlf + "--".utf8 + boundary
    }

    /// All parts. What precedes the first boundary and what follows the last is ignored, as RFC 2046 requires.
    func parts() throws(MultipartError) -> [MultipartForm.Part] {
        var parts: [MultipartForm.Part] = []
        var position = try firstBoundaryEnd()
        while let start = try partStart(after: position) {
            guard parts.count < MultipartForm.maximumParts else {
                throw MultipartError(
                    .contentTooLarge, "the form has more than \(MultipartForm.maximumParts) parts", at: start)
            }
            let number = parts.count + 1
            let header = try PartHeader(try headerLines(from: start, number), at: start, number: number)
            // With the empty line's CRLF: without content, it is the delimiter's.
            let contentStart = start + header.byteCount
            guard let end = try find(delimiter, from: contentStart - 2) else {
                throw MultipartError(
                    .badRequest, "part \(number) has no boundary after it: the body is cut off",
                    at: source.size)
            }
            parts.append(header.part(contentStart..<max(contentStart, end)))
            position = end + delimiter.count
        }
        return parts
    }

    /// Where the first boundary ends. It may be at the start of the body, without a line end before it.
    private func firstBoundaryEnd() throws(MultipartError) -> Int {
        let atStart = delimiter.count - 2
        if source.size >= atStart, try read(0..<atStart).elementsEqual(delimiter.dropFirst(2)) {
            return atStart
        }
        guard let start = try find(delimiter, from: 0) else {
            throw MultipartError(.badRequest, "the boundary of Content-Type is not in the body", at: 0)
        }
        return start + delimiter.count
    }

    /// Where the part after a boundary starts; `nil` if it was the last boundary, which two hyphens follow.
    private func partStart(after position: Int) throws(MultipartError) -> Int? {
        let end = min(position + Self.paddingBytes + 2, source.size)
        let bytes = try read(position..<end)
        if bytes.starts(with: "--".utf8) { return nil }
        let padding = bytes.prefix { $0.isWhitespace }.count
        guard bytes.dropFirst(padding).starts(with: ASCII.crlf) else {
            throw MultipartError(
                .badRequest, "a boundary is followed by neither a line end nor two hyphens", at: position)
        }
        return position + padding + 2
    }

    /// The header lines of a part with their line ends, the empty line not included.
    private func headerLines(from start: Int, _ number: Int) throws(MultipartError) -> [UInt8] {
        let bound = MultipartForm.maximumHeaderBytes
        let bytes = try read(start..<min(start + bound + 2, source.size))
        if bytes.starts(with: ASCII.crlf) { return [] }
        guard let end = Self.find(ASCII.crlf + ASCII.crlf, in: bytes) else {
            let isLong = bytes.count > bound
            throw MultipartError(
                isLong ? .contentTooLarge : .badRequest,
                isLong
                    ? "the header fields of part \(number) have more than \(bound) bytes"
                    : "the header fields of part \(number) have no end: the body is cut off",
                at: isLong ? start : source.size)
        }
        return Array(bytes[..<(end + 2)])
    }

    /// The first occurrence of a pattern at or after an offset. Windows overlap, so that none is missed between two.
    private func find(_ pattern: [UInt8], from offset: Int) throws(MultipartError) -> Int? {
        var start = offset
        while start + pattern.count <= source.size {
            let window = try read(start..<min(start + windowBytes, source.size))
            if let found = Self.find(pattern, in: window) { return start + found }
            start += window.count - pattern.count + 1
        }
        return nil
    }

    /// The first occurrence in memory of a pattern that begins with CR and has no other: each CR is looked at once.
    private static func find(_ pattern: [UInt8], in bytes: [UInt8]) -> Int? {
        bytes.withUnsafeBytes { bytes in
            pattern.withUnsafeBytes { pattern in
                guard let base = bytes.baseAddress, let wanted = pattern.baseAddress else { return nil }
                var position = 0
                while position + pattern.count <= bytes.count {
                    let rest = bytes.count - pattern.count - position + 1
                    guard let hit = memchr(base + position, Int32(pattern[0]), rest) else { return nil }
                    if memcmp(hit, wanted, pattern.count) == 0 { return UnsafeRawPointer(hit) - base }
                    position = UnsafeRawPointer(hit) - base + 1
                }
                return nil
            }
        }
    }

    private func read(_ range: Range<Int>) throws(MultipartError) -> [UInt8] {
        do {
            return try source.read(range)
        } catch {
            throw MultipartError(
                .serviceUnavailable, "the body cannot be read: \(error)", at: range.lowerBound)
        }
    }
}

/// The header fields of a part that matter (RFC 7578 §4.2, §4.4, §4.7).
private struct PartHeader {
    /// Bytes of the lines and the empty line after them.
    let byteCount: Int
    private let name: String
    private let filename: String?
    private let contentType: FieldValue?

    /// - Parameters:
    ///   - lines: each with its line end.
    ///   - start: their offset in the body.
    ///   - number: of the part, from 1.
    init(_ lines: [UInt8], at start: Int, number: Int) throws(MultipartError) {
        byteCount = lines.count + 2
        var fields = FieldReader(lines: lines, start: start, part: "part \(number)")
        while try fields.readNext() {}
        guard let disposition = fields.disposition else {
            throw MultipartError(.badRequest, "part \(number) has no Content-Disposition", at: start)
        }
        guard disposition.value.matches("form-data"), let name = disposition["name"] else {
            throw MultipartError(
                .badRequest, "the Content-Disposition of part \(number) is not form-data with a name",
                at: start)
        }
        self.name = try Self.text(name, "name", number, start)
        if let filename = disposition["filename"] {
            self.filename = try Self.text(filename, "filename", number, start)
        } else {
            filename = nil
        }
        contentType = fields.contentType
    }

    func part(_ range: Range<Int>) -> MultipartForm.Part {
        MultipartForm.Part(name: name, filename: filename, contentType: contentType, range: range)
    }

    private static func text(
        _ bytes: [UInt8], _ what: String, _ number: Int, _ start: Int
    ) throws(MultipartError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw MultipartError(.badRequest, "the \(what) of part \(number) is not UTF-8", at: start)
        }
        return text
    }
}

/// Reads the header lines of a part one by one, as strictly as those of a request.
private struct FieldReader {
    let lines: [UInt8]
    let start: Int
    /// The part, for messages.
    let part: String
    private(set) var disposition: FieldParameters?
    private(set) var contentType: FieldValue?
    private var position = 0

    init(lines: [UInt8], start: Int, part: String) {
        (self.lines, self.start, self.part) = (lines, start, part)
    }

    /// Reads a line; `false` if there is none left.
    mutating func readNext() throws(MultipartError) -> Bool {
        guard position < lines.count else { return false }
        var end = position
        do {
            // Cannot run out of bytes: the lines end with CRLF.
            _ = try LineScanner.findEnd(in: lines.span, from: &end, bound: .max)
        } catch {
            throw failure("a header line of \(part) \(error.detail)")
        }
        try readField(position..<end)
        position = end + 2
        return true
    }

    private mutating func readField(_ range: Range<Int>) throws(MultipartError) {
        let line: FieldLine
        do {
            line = try FieldLine(lines.span, range, name: "header line of \(part)")
        } catch {
            throw failure(error.detail)
        }
        let value = FieldValue(lines[line.value])
        let name = FieldValue(lines[line.name])
        if name.matches("content-disposition") {
            guard disposition == nil else { throw failure("\(part) has two of Content-Disposition") }
            do {
                disposition = try FieldParameters(value)
            } catch {
                throw failure("the Content-Disposition of \(part) \(error.detail)")
            }
        } else if name.matches("content-type") {
            guard contentType == nil else { throw failure("\(part) has two of Content-Type") }
            contentType = value
        } else if name.matches("content-transfer-encoding") {
            let isPlain = value.matches("binary") || value.matches("8bit") || value.matches("7bit")
            guard isPlain else { throw failure("\(part) has a Content-Transfer-Encoding, and must not") }
        }
    }

    private func failure(_ detail: String) -> MultipartError {
        MultipartError(.badRequest, detail, at: start + position)
    }
}
