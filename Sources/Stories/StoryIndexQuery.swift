// SPDX-License-Identifier: Apache-2.0
/// What part of the readers' story index to read.
public struct StoryIndexQuery: Sendable {
    /// What must occur in the title, the summary, the key points, the byline, the breadcrumb or the tags; see ``UpdateSearch``.
    public var text: String?
    /// Only stories that have this tag.
    public var tag: String?
    /// Start after this position: a further page of closed stories.
    public var before: StoryPosition?

    /// The whole index by default.
    public init(text: String? = nil, tag: String? = nil, before: StoryPosition? = nil) {
        (self.text, self.tag, self.before) = (text, tag, before)
    }

    /// Whether all stories match.
    public var isOpen: Bool { text == nil && tag == nil }
}

extension StoryContent {
    /// Its texts as those of an update, to be searched in the same way.
    public var searchable: UpdateContent {
        let texts = [summary].compactMap(\.self) + keyPoints
        var content = UpdateContent(body: texts.joined(separator: "\n"))
        (content.title, content.author, content.tags) = (title, byline, tags + section)
        return content
    }
}
