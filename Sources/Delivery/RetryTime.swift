// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Stories

/// Reads `Retry-After` (RFC 9110 §10.2.3).
enum RetryTime {
    /// More digits are as good as endless.
    private static let mostDigits = 9

    /// The time that a value names, as seconds from now or as an HTTP date; `nil` if it is neither.
    static func parse(_ value: String, at now: Timestamp) -> Timestamp? {
        let bytes = Array(value.utf8)
        guard bytes.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), !bytes.isEmpty
        else {
            return HTTPDate.seconds(FieldValue(value)).map { Timestamp(milliseconds: Int64($0) * 1_000) }
        }
        let seconds = bytes.count > mostDigits ? 1_000_000_000 : Int64(value) ?? 0
        return Timestamp(milliseconds: now.milliseconds + seconds * 1_000)
    }
}
