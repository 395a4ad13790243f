// SPDX-License-Identifier: Apache-2.0
/// A place in an object storage: `s3://bucket` or `s3://bucket/prefix`.
public struct BucketAddress: Hashable, Sendable, CustomStringConvertible {
    /// The bucket.
    public let bucket: String
    /// What the keys of objects begin with: empty, or with a slash at its end.
    public let prefix: String

    private static let scheme = "s3://"

    /// Whether a text is meant as an address of this kind.
    public static func isMeant(by text: String) -> Bool { text.utf8.starts(with: scheme.utf8) }

    /// Parses an address. Names of buckets are 3 to 63 lower-case letters, digits, periods and hyphens; a prefix has at most 512 letters,
    /// digits, periods, hyphens, underscores and single slashes, no part of it beginning with a period, so that no key needs percent-encoding. `nil` for anything else.
    public init?(_ text: String) {
        guard Self.isMeant(by: text) else { return nil }
        let parts = text.utf8.dropFirst(Self.scheme.utf8.count)
            .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Array.init)
        let names = parts.last?.isEmpty == true && parts.count > 1 ? parts.dropLast() : parts[...]
        guard let bucket = names.first, (3...63).contains(bucket.count), bucket.allSatisfy(Self.isOfBucket),
            names.dropFirst().allSatisfy({
                !$0.isEmpty && $0.first != UInt8(ascii: ".") && $0.allSatisfy(Self.isOfKey)
            })
        else { return nil }
        let prefix = names.dropFirst().map { String(decoding: $0, as: UTF8.self) + "/" }.joined()
        guard prefix.utf8.count <= 512 else { return nil }
        (self.bucket, self.prefix) = (String(decoding: bucket, as: UTF8.self), prefix)
    }

    private static func isOfBucket(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func isOfKey(_ byte: UInt8) -> Bool {
        isOfBucket(byte) || byte == UInt8(ascii: "_")
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    /// The address as it is written.
    public var description: String { Self.scheme + bucket + "/" + prefix }
}
