import HTTP

@testable import API
@testable import Stories

extension Law {
    /// What clients hand back to us unread (cursors, places of pages), and what names things in addresses, is read only if it
    /// is to the byte what we write.
    static let places = Law(name: "places") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        for (kind, written) in [
            ("cursor", Version(text)?.description), ("place of updates", UpdatePosition(text)?.description),
            ("place of stories", StoryPosition(text)?.description), ("slug", Slug(text)?.text),
            ("id", Identifier(text).map { $0.description == text.lowercased() ? text : $0.description }),
            ("kind of reaction", ReactionKind(text)?.name),
        ] {
            guard let written else { continue }
            if ByteText(written) != ByteText(text) {
                return "the \(kind) \(text.debugDescription) is \(written)"
            }
        }
        return timeBreach(text) ?? slugBreach(text) ?? queryBreach(bytes)
    }

    /// A time that can be read is written in one form, which is read as the same.
    private static func timeBreach(_ text: String) -> String? {
        guard let time = Timestamp(text) else { return nil }
        return Timestamp(time.description) == time ? nil : "the time \(text) is \(time)"
    }

    private static func slugBreach(_ title: String) -> String? {
        guard let slug = Slug(title: title) else { return nil }
        return Slug(slug.text) == slug && slug.numbered(2) != nil
            ? nil : "the slug of \(title.debugDescription) is \(slug)"
    }

    /// In a query it is what it is without one.
    private static func queryBreach(_ bytes: [UInt8]) -> String? {
        let digits = Array("0123456789abcdef".utf8)
        let encoded = bytes.flatMap { [UInt8(ascii: "%"), digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        let target = "/?cursor=" + String(decoding: encoded, as: UTF8.self)
        guard let request = try? Request(.get, target) else { return nil }
        let cursor = (try? Parameters(request: request).cursor()) ?? nil
        return cursor == Version(String(decoding: bytes, as: UTF8.self))
            ? nil : "the query has the cursor \(String(describing: cursor))"
    }

    /// Swift's own texts are equal when they look alike.
    private struct ByteText: Equatable {
        let bytes: [UInt8]
        init(_ text: String) { bytes = Array(text.utf8) }
    }
}
