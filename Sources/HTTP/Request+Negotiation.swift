// SPDX-License-Identifier: Apache-2.0
import Glibc

// The hot path of an in-memory cache: evaluated on the raw bytes, without decoding or copying.

extension Request {
    /// Whether there is a field of that name.
    public func has(_ name: HeaderName) -> Bool { head.firstField(name) != nil }

    /// The bytes of the request target as they were sent.
    public func withTarget<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        head.withBytes(head.line.target, body)
    }

    /// Whether gzip is acceptable and at least as preferred as identity (RFC 9110 §12.5.3). Without the field every coding is
    /// acceptable, but identity is used: clients that support gzip send the field.
    public var prefersGzip: Bool {
        var (gzip, any, identity) = (Optional<Int>.none, Optional<Int>.none, Optional<Int>.none)
        for field in head.fields where head.matches(field.name, .acceptEncoding) {
            head.withBytes(field.value) { bytes in
                ListItems(bytes).forEach { item in
                    let (name, weight) = item.weighted
                    if name.equals("gzip") || name.equals("x-gzip") { gzip = weight }
                    if name.equals("*") { any = weight }
                    if name.equals("identity") { identity = weight }
                }
            }
        }
        guard let weight = gzip ?? any, weight > 0 else { return false }
        return weight >= identity ?? 0
    }

    /// Whether `If-None-Match` lists this entity tag, by weak comparison, or is `*` (RFC 9110 §13.1.2).
    ///
    /// - Parameter tag: with its quotes.
    public func ifNoneMatch(names tag: [UInt8]) -> Bool {
        tag.withUnsafeBytes { ifNoneMatch(names: $0) }
    }

    /// The same for a tag inside a larger buffer.
    public func ifNoneMatch(names tag: UnsafeRawBufferPointer) -> Bool {
        for field in head.fields where head.matches(field.name, .ifNoneMatch) {
            let isNamed = head.withBytes(field.value) { bytes in
                // Fast path: a single tag.
                if bytes.equals(tag) { return true }
                var isNamed = false
                EntityTags(bytes).forEach { item, _ in
                    isNamed = isNamed || item.equals(tag) || item.equals("*")
                }
                return isNamed
            }
            if isNamed { return true }
        }
        return false
    }

    /// Whether `If-Match` lists this entity tag, by strong comparison, or is `*` (RFC 9110 §13.1.1).
    ///
    /// - Parameter tag: a strong one, with its quotes.
    public func ifMatch(names tag: [UInt8]) -> Bool {
        tag.withUnsafeBytes { tag in
            var isNamed = false
            for field in head.fields where head.matches(field.name, .ifMatch) {
                head.withBytes(field.value) { bytes in
                    EntityTags(bytes).forEach { item, isWeak in
                        isNamed = isNamed || !isWeak && (item.equals(tag) || item.equals("*"))
                    }
                }
            }
            return isNamed
        }
    }
}

/// The items of a comma-separated list (RFC 9110 §5.6.1).
private struct ListItems {
    let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    func forEach(_ body: (UnsafeRawBufferPointer) -> Void) {
        var start = 0
        for index in 0...bytes.count where index == bytes.count || bytes[index] == ASCII.comma {
            body(UnsafeRawBufferPointer(rebasing: bytes[start..<index]).trimmed)
            start = index + 1
        }
    }
}

/// The entity tags of a list, without the weak prefix `W/`, and whether they had it. A tag may contain commas, so quotes are honoured.
private struct EntityTags {
    let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    func forEach(_ body: (UnsafeRawBufferPointer, _ isWeak: Bool) -> Void) {
        var (start, isQuoted) = (0, false)
        for index in 0...bytes.count {
            if index < bytes.count, bytes[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard index == bytes.count || (bytes[index] == ASCII.comma && !isQuoted) else { continue }
            let item = UnsafeRawBufferPointer(rebasing: bytes[start..<index]).trimmed
            let isWeak = item.count > 2 && item[0] == UInt8(ascii: "W") && item[1] == ASCII.slash
            body(isWeak ? UnsafeRawBufferPointer(rebasing: item[2...]) : item, isWeak)
            start = index + 1
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Bytewise comparison.
    func equals(_ other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        guard let start = baseAddress, let otherStart = other.baseAddress else { return true }
        return memcmp(start, otherStart, count) == 0
    }

    /// Without surrounding white space.
    fileprivate var trimmed: UnsafeRawBufferPointer {
        var range = 0..<count
        while let first = range.first, self[first].isBlank { range.removeFirst() }
        while let last = range.last, self[last].isBlank { range.removeLast() }
        return UnsafeRawBufferPointer(rebasing: self[range])
    }

    /// ASCII case-insensitive comparison.
    fileprivate func equals(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        return indices.allSatisfy { self[$0].lowercased == word.utf8Start[$0].lowercased }
    }

    /// An item of `Accept-Encoding`: its name and its weight in thousandths (RFC 9110 §12.4.2); a malformed weight counts
    /// as 0.
    fileprivate var weighted: (name: UnsafeRawBufferPointer, thousandths: Int) {
        guard let semicolon = firstIndex(of: UInt8(ascii: ";")) else { return (self, 1_000) }
        let name = UnsafeRawBufferPointer(rebasing: self[..<semicolon]).trimmed
        let parameter = UnsafeRawBufferPointer(rebasing: self[(semicolon + 1)...]).trimmed
        guard parameter.count > 2, parameter[0].lowercased == UInt8(ascii: "q"), parameter[1] == ASCII.equals
        else { return (name, 1_000) }
        var (thousandths, scale) = (0, 1_000)
        for byte in parameter[2...] where byte != UInt8(ascii: ".") {
            guard byte.isDigit, scale > 0 else { return (name, 0) }
            thousandths += Int(byte - 48) * scale
            scale /= 10
        }
        return (name, Swift.min(thousandths, 1_000))
    }
}

extension UInt8 {
    /// Space or tab.
    fileprivate var isBlank: Bool { self == ASCII.space || self == 9 }
}
