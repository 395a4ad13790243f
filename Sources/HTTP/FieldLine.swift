// SPDX-License-Identifier: Apache-2.0
/// A field line (RFC 9112 §5) of a head or a trailer section.
struct FieldLine {
    /// Range of the name.
    let name: Range<Int>
    /// Range of the value, without surrounding white space.
    let value: Range<Int>

    /// - Parameter name: how a failure refers to the line; evaluated only for one.
    init(
        _ bytes: Span<UInt8>, _ range: Range<Int>, name lineName: @autoclosure () -> String
    ) throws(RequestFailure) {
        guard !bytes[range.lowerBound].isWhitespace else {
            // obs-fold (RFC 9112 §5.2), rejected: parsers differ on it (request smuggling).
            throw RequestFailure(.badRequest, "the \(lineName()) is folded: it begins with white space")
        }
        guard let colon = range.first(where: { bytes[$0] == ASCII.colon }) else {
            throw RequestFailure(.badRequest, "the \(lineName()) has no colon")
        }
        guard colon == range.lowerBound || !bytes[colon - 1].isWhitespace else {
            // RFC 9112 §5.1 requires rejection: another smuggling vector.
            throw RequestFailure(.badRequest, "the \(lineName()) has white space before its colon")
        }
        guard ASCII.isToken(bytes.extracting(range.lowerBound..<colon)) else {
            throw RequestFailure(.badRequest, "the \(lineName()) has a name that is no token")
        }
        name = range.lowerBound..<colon
        value = ASCII.trimmed(colon + 1..<range.upperBound, of: bytes)
    }
}
