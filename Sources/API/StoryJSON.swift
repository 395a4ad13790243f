// SPDX-License-Identifier: Apache-2.0
public import JSON
public import Stories
internal import StoriesJSON

// JSON forms of the domain's types. Names are camelCase, absent values null.

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
        writer.members(of: content)
        writer.member("publishedAt", publishedAt)
        writer.member("createdAt", createdAt)
        writer.member("modifiedAt", modifiedAt)
        writer.member("closedAt", closedAt)
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
        writer.object { $0.members(of: self) }
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
