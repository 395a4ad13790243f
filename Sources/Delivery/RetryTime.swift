// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// Reads `Retry-After` (RFC 9110 §10.2.3).
enum RetryTime {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    /// More digits are as good as endless.
    private static let mostDigits = 9

    /// The time that a value names, as seconds from now or as an IMF-fixdate; `nil` if it is neither.
    static func parse(_ value: String, at now: Timestamp) -> Timestamp? {
        let bytes = Array(value.utf8)
        guard bytes.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), !bytes.isEmpty
        else {
            return date(bytes)
        }
        let seconds = bytes.count > mostDigits ? 1_000_000_000 : Int64(value) ?? 0
        return Timestamp(milliseconds: now.milliseconds + seconds * 1_000)
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT` (§5.6.7).
    private static func date(_ bytes: [UInt8]) -> Timestamp? {
        let words = bytes.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        guard words.count == 6, words[5].utf8.elementsEqual("GMT".utf8),
            let month = months.firstIndex(where: { $0.utf8.elementsEqual(words[2].utf8) })
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return Timestamp("\(words[3])-\(number)-\(words[1])T\(words[4])Z")
    }
}
