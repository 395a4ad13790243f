// SPDX-License-Identifier: Apache-2.0
/// Text with bytewise equality and hashing.
///
/// Swift strings are equal under canonical equivalence, so comparing and hashing normalizes them, in quadratic time for hostile
/// text. Text of clients is compared with this type.
public struct ByteString: Hashable, Sendable {
    private let bytes: [UInt8]

    /// The UTF-8 bytes of a text.
    public init(_ text: some StringProtocol) {
        bytes = Array(text.utf8)
    }
}
