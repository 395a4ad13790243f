// SPDX-License-Identifier: Apache-2.0
/// Rewrites URLs of links and images in the HTML of bodies.
public enum BodyAddresses {
    /// Adds a prefix to each URL that begins with one of some ASCII characters, such as `/`. Most bodies have none and are
    /// returned unchanged, without evaluating the prefix.
    public static func prefixed(
        _ html: String, with prefix: @autoclosure () -> String, where beginnings: String
    ) -> String {
        guard html.hasByte(UInt8(ascii: "=")) else { return html }
        let bytes = Array(html.utf8)
        let offsets = offsets(in: bytes, where: Array(beginnings.utf8))
        guard !offsets.isEmpty else { return html }
        let prefix = prefix()
        var (prefixed, start) = ([UInt8](), 0)
        prefixed.reserveCapacity(bytes.count + offsets.count * prefix.utf8.count)
        for offset in offsets {
            prefixed += bytes[start..<offset]
            prefixed += prefix.utf8
            start = offset
        }
        return String(decoding: prefixed + bytes[start...], as: UTF8.self)
    }

    /// Offsets of these URLs. In text and attribute values a quotation mark is always `&quot;`, so `="` begins an attribute.
    private static func offsets(in bytes: [UInt8], where beginnings: [UInt8]) -> [Int] {
        bytes.indices.dropFirst(2).filter { offset in
            guard bytes[offset - 1] == UInt8(ascii: "\""), bytes[offset - 2] == UInt8(ascii: "="),
                beginnings.contains(bytes[offset])
            else { return false }
            let name = bytes[..<(offset - 2)].suffix(5)
            return name.elementsEqual(" href".utf8) || name.suffix(4).elementsEqual(" src".utf8)
        }
    }
}
