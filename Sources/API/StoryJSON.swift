public import JSON
public import Stories

// How the domain's things look on the wire. Names are camelCase, absent values null.

extension Timestamp: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.plainString(count: Self.textBytes, write)
    }
}

extension Identifier: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.plainString(count: Self.textBytes, write)
    }
}

extension Story: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object(writeMembers)
    }

    func writeMembers(_ writer: inout JSONWriter) {
        writer.member("id", id)
        writer.member("slug", slug.text)
        content.writeMembers(&writer)
        writer.member("publishedAt", publishedAt)
        writer.member("createdAt", createdAt)
        writer.member("modifiedAt", modifiedAt)
        writer.member("seq", seq)
        writer.member("updateCount", updateCount)
    }
}

extension StoryList.Entry: JSONWritable {
    /// Writes the JSON form of the story, with `activeAt`.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            story.writeMembers(&$0)
            $0.member("activeAt", activeAt)
        }
    }
}

extension StoryContent {
    func writeMembers(_ writer: inout JSONWriter) {
        writer.member("title", title)
        writer.member("summary", summary)
        writer.member("section", section)
        writer.member("byline", byline)
        writer.member("keyPoints", keyPoints)
        writer.member("tags", tags)
        writer.member("status", status.rawValue)
        writer.member("source", source)
        writer.member("coverageStart", coverageStart)
        writer.member("coverageEnd", coverageEnd)
    }
}

extension StorySource: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("name", name)
            $0.member("url", url)
            $0.member("date", date)
        }
    }
}

extension StoryDetail: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            story.writeMembers(&$0)
            $0.member("reactions") { reactions.write(to: &$0) }
        }
    }
}

extension ReactionCounts {
    func write(to writer: inout JSONWriter) {
        writer.object {
            for (kind, count) in sorted(by: { $0.key < $1.key }) { $0.member(named: kind.name, count) }
        }
    }
}

extension Reactions: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object { writeMembers(&$0) }
    }

    func writeMembers(_ writer: inout JSONWriter) {
        writer.member("story") { story.write(to: &$0) }
        writer.member("updates") {
            $0.object {
                for (id, counts) in updates.sorted(by: { $0.key < $1.key }) {
                    $0.member(named: id.description) { counts.write(to: &$0) }
                }
            }
        }
    }
}

extension Link: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("title", title)
            $0.member("url", url)
            $0.member("story", story)
            $0.member("image", image)
        }
    }
}

extension LinkLists: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            for kind in LinkKind.allCases { $0.member(named: kind.rawValue, self[kind]) }
        }
    }
}
