public import JSON
public import Stories

extension API {
    /// To be raised when the JSON of an update changes its form: stores then make what they keep of it anew, and nobody is
    /// told that what he holds in the old form is still the same.
    static let updateForm = 1

    /// How updates look in this API. `html` makes HTML that is safe to show of CommonMark.
    public static func renderer(html: @escaping @Sendable (String) -> String) -> UpdateRenderer {
        UpdateRenderer(form: updateForm, html: html) { JSONWriter.bytes(of: $0, capacity: 1_024) }
    }
}

extension JSONWriter {
    /// An array of updates, which are JSON already.
    mutating func write(_ updates: [RenderedUpdate]) {
        array { writer in for update in updates { writer.raw(update.bytes) } }
    }
}

extension Update: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("id", id)
            $0.member("seq", seq)
            $0.member("title", content.title)
            $0.member("body", content.body)
            $0.member("bodyHtml", bodyHtml)
            content.writeMembersBesidesText(&$0)
            $0.member("stricken", stricken)
            $0.member("edited", edited)
            $0.member("publishedAt", publishedAt)
            $0.member("createdAt", createdAt)
            $0.member("modifiedAt", modifiedAt)
        }
    }
}

extension Strike: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("reason", reason)
            $0.member("at", at)
        }
    }
}

extension UpdateContent {
    func writeMembersBesidesText(_ writer: inout JSONWriter) {
        writer.member("author", author)
        writer.member("sources", sources)
        writer.member("media", media)
        writer.member("tags", tags)
        writer.member("pinned", pinned)
        writer.member("keyEvent", keyEvent)
        writer.member("occurredAt", occurredAt)
    }
}

extension UpdateSource: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("name", name)
            $0.member("url", url)
        }
    }
}

extension Media: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("type", type.rawValue)
            $0.member("url", url)
            $0.member("alt", alt)
            $0.member("caption", caption)
            $0.member("credit", credit)
            $0.member("width", width)
            $0.member("height", height)
        }
    }
}
