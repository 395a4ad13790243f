// SPDX-License-Identifier: Apache-2.0
import HTTP

@testable import API
@testable import Stories

extension Property {
    /// Opaque tokens (cursors, keyset positions) and ids in paths are accepted only in their canonical form, byte
    /// for byte.
    static let positions = Property(name: "positions") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        for (kind, written) in [
            ("cursor", Version(text)?.description),
            ("position in updates", UpdatePosition(text)?.description),
            ("position in stories", StoryPosition(text)?.description), ("slug", Slug(text)?.text),
            ("id", Identifier(text).map { $0.description == text.lowercased() ? text : $0.description }),
            ("kind of reaction", ReactionKind(text)?.name),
        ] {
            guard let written else { continue }
            if ByteText(written) != ByteText(text) {
                return "the \(kind) \(text.debugDescription) is \(written)"
            }
        }
        return timeViolation(text) ?? slugViolation(text) ?? queryViolation(bytes)
    }

    /// Any accepted time has one canonical form, which parses to the same time.
    private static func timeViolation(_ text: String) -> String? {
        guard let time = Timestamp(text) else { return nil }
        return Timestamp(time.description) == time ? nil : "the time \(text) is \(time)"
    }

    private static func slugViolation(_ title: String) -> String? {
        guard let slug = Slug(title: title) else { return nil }
        return Slug(slug.text) == slug && slug.numbered(2) != nil
            ? nil : "the slug of \(title.debugDescription) is \(slug)"
    }

    /// A value in a query, percent-encoded, decodes to the same value.
    private static func queryViolation(_ bytes: [UInt8]) -> String? {
        let digits = Array("0123456789abcdef".utf8)
        let encoded = bytes.flatMap { [UInt8(ascii: "%"), digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        let target = "/?cursor=" + String(decoding: encoded, as: UTF8.self)
        guard let request = try? Request(.get, target) else { return nil }
        let cursor = (try? Parameters(request: request).cursor()) ?? nil
        return cursor == Version(String(decoding: bytes, as: UTF8.self))
            ? nil : "the query has the cursor \(String(describing: cursor))"
    }

    /// Swift's strings compare by canonical equivalence; these compare bytewise.
    private struct ByteText: Equatable {
        let bytes: [UInt8]
        init(_ text: String) { bytes = Array(text.utf8) }
    }
}
