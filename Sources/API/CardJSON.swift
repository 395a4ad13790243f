// SPDX-License-Identifier: Apache-2.0
public import JSON
public import Stories

extension Card: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("url", url)
            $0.member("kind", kind.rawValue)
            $0.member("provider", provider)
            $0.member("title", text.title)
            $0.member("description", text.description)
            $0.member("author", text.author)
            $0.member("thumbnail", text.thumbnail.map { "/media/\($0)" })
            $0.member("thumbnailWidth", text.thumbnailWidth)
            $0.member("thumbnailHeight", text.thumbnailHeight)
            $0.member("frame", frame)
        }
    }
}

extension CardFrame: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("url", url)
            $0.member("size", shape.description)
        }
    }
}
