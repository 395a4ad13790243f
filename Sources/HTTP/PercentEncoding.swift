// SPDX-License-Identifier: Apache-2.0
/// Percent-decoding (RFC 3986 §2.1) of components that were validated with the request line.
enum PercentEncoding {
    /// Whether `bytes` can be decoded: two hexadecimal digits after each `%`, and the result is UTF-8 without
    /// NUL.
    static func isValid(_ bytes: Span<UInt8>) -> Bool {
        guard let decoded = decode(bytes, plusIsSpace: false) else { return false }
        return !decoded.contains(0) && String(validating: decoded, as: UTF8.self) != nil
    }

    /// The decoded text. Invalid UTF-8, possible only where it was not validated, is repaired.
    static func text(_ bytes: Span<UInt8>, plusIsSpace: Bool = false) -> String {
        // Fast path: usually there is nothing to decode, and a short string needs no allocation.
        guard bytes.indices.contains(where: { bytes[$0] == ASCII.percent || bytes[$0] == ASCII.plus }) else {
            return bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        }
        return String(decoding: decode(bytes, plusIsSpace: plusIsSpace) ?? [], as: UTF8.self)
    }

    /// Whether the bytes decode to `text`; compares without allocating.
    static func decodes(_ bytes: Span<UInt8>, to text: String, plusIsSpace: Bool) -> Bool {
        var (wanted, index) = (text.utf8.makeIterator(), 0)
        while index < bytes.count {
            guard let byte = next(bytes, &index, plusIsSpace), byte == wanted.next() else { return false }
        }
        return wanted.next() == nil
    }

    /// The decoded bytes; `nil` if a `%` is not followed by two hexadecimal digits.
    ///
    /// - Parameter plusIsSpace: as in `application/x-www-form-urlencoded`, used in queries.
    private static func decode(_ bytes: Span<UInt8>, plusIsSpace: Bool) -> [UInt8]? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            guard let byte = next(bytes, &index, plusIsSpace) else { return nil }
            decoded.append(byte)
        }
        return decoded
    }

    /// The decoded byte at `index`, which advances to the next one.
    private static func next(_ bytes: Span<UInt8>, _ index: inout Int, _ plusIsSpace: Bool) -> UInt8? {
        let byte = bytes[index]
        index += 1
        guard byte == ASCII.percent else { return plusIsSpace && byte == ASCII.plus ? ASCII.space : byte }
        guard index + 1 < bytes.count, let high = bytes[index].hexValue, let low = bytes[index + 1].hexValue
        else { return nil }
        index += 2
        return high << 4 | low
    }
}
