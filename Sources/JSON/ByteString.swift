/// A text that is equal only to the same bytes, and hashed by them.
///
/// Swift's own strings are equal when they look alike (canonical equivalence), for which they are normalized, and that
/// takes time in the square of a hostile text's length. What comes from clients is compared by this.
public struct ByteString: Hashable, Sendable {
    private let bytes: [UInt8]

    /// The bytes of a text.
    public init(_ text: some StringProtocol) {
        bytes = Array(text.utf8)
    }
}
