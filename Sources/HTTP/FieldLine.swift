/// One field line (RFC 9112 §5), of a head or of trailers.
struct FieldLine {
    /// Where the name stands.
    let name: Range<Int>
    /// Where the value stands, without the white space around it.
    let value: Range<Int>

    /// - Parameter name: what the line is called in a failure; not made unless there is one.
    init(
        _ bytes: Span<UInt8>, _ range: Range<Int>, name lineName: @autoclosure () -> String
    ) throws(RequestFailure) {
        guard !bytes[range.lowerBound].isWhitespace else {
            // obs-fold, RFC 9112 §5.2.
            throw RequestFailure(.badRequest, "the \(lineName()) is folded: it begins with white space")
        }
        guard let colon = range.first(where: { bytes[$0] == ASCII.colon }) else {
            throw RequestFailure(.badRequest, "the \(lineName()) has no colon")
        }
        guard colon == range.lowerBound || !bytes[colon - 1].isWhitespace else {
            // RFC 9112 §5.1.
            throw RequestFailure(.badRequest, "the \(lineName()) has white space before its colon")
        }
        guard ASCII.isToken(bytes.extracting(range.lowerBound..<colon)) else {
            throw RequestFailure(.badRequest, "the \(lineName()) has a name that is no token")
        }
        name = range.lowerBound..<colon
        value = ASCII.trimmed(colon + 1..<range.upperBound, of: bytes)
    }
}
