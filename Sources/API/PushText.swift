// SPDX-License-Identifier: Apache-2.0
public import Delivery
internal import JSON
public import Stories

extension API {
    /// Returns what a notification says, made of what readers see at present; `nil` if they see nothing any more to be notified of.
    ///
    /// - Parameter site: the origin of addresses, such as `https://live.example.org`.
    public static func pushMessage(
        of claimed: ClaimedPush, from queue: some PushQueue, site: String
    ) async throws(StoryError) -> PushMessage? {
        guard let content = try await queue.content(of: claimed) else { return nil }
        let text = PushText(content, site: site)
        var short = text
        short.body = ""
        return PushMessage(full: JSONWriter.bytes(of: text), short: JSONWriter.bytes(of: short))
    }
}

/// A notification, for `push-worker.js`.
private struct PushText: JSONWritable {
    var title: String
    var body: String
    var address: String
    /// A later notification of the story replaces this one.
    var tag: String

    init(_ content: PushContent, site: String) {
        let (story, update) = (content.story, content.update)
        let words = PageLanguage(of: story).words
        title = story.content.title.shortened(to: Self.titleCharacters)
        let text = update.description(atMost: Self.bodyBytes, words)
        let parts = [update.content.title, text].compactMap(\.self)
        body =
            parts.isEmpty
            ? UpdateSummary(update, words).headline
            : parts.joined(separator: "\n").shortened(toBytes: Self.bodyBytes)
        address = "\(site)/live/\(story.slug)/\(update.id)"
        tag = story.id.description
    }

    private static let titleCharacters = 110
    private static let bodyBytes = 200

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("title", title)
            $0.member("body", body)
            $0.member("url", address)
            $0.member("tag", tag)
        }
    }
}

extension String {
    /// The text, or a beginning of it with an ellipsis that has at most so many bytes.
    fileprivate func shortened(toBytes most: Int) -> String {
        guard utf8.count > most else { return self }
        let ellipsis = "…"
        var (kept, count) = (String.UnicodeScalarView(), ellipsis.utf8.count)
        for scalar in unicodeScalars {
            count += UTF8.width(scalar)
            guard count <= most else { break }
            kept.append(scalar)
        }
        return String(kept) + ellipsis
    }
}
