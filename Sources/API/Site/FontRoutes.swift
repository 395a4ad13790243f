// SPDX-License-Identifier: Apache-2.0
internal import HTTP
public import JSON
internal import Live
public import Stories

extension Endpoints {
    /// Fonts of the site: uploaded by admins, served to everybody.
    mutating func addFonts() {
        let (store, site) = (store, site)
        on(.get, "/site/fonts", .key) { call in
            .json(FontsAnswer(fonts: try await store.fonts(access: call.access)))
        }
        on(.post, "/site/fonts", .key, parameters: ["name"]) { call in
            try call.access.requireSite()
            let font = try call.uploadedFont
            let (stored, isNew) = try await store.addFont(
                font, content: call.request.body, access: call.access)
            return .json(
                stored, isNew ? .created : .ok, headers: isNew ? [.location: stored.path] : [:])
        }
        on(.get, "/fonts/{file}", .nothing, produces: nil) { call in
            guard let font = FontReference(file: call.request.parameters["file"] ?? "") else {
                throw Problem(.notFound(.font))
            }
            return .font(font.id, try await site.fontContent(font.id), to: call.request)
        }
    }
}

extension Call {
    /// The font in the body, named by the parameter `name`.
    fileprivate var uploadedFont: SiteFont {
        get throws {
            _ = try request.requireBody(
                of: "font/woff2", "application/font-woff2", "application/octet-stream")
            let name = try Parameters(request: request).text("name")
            return try SiteFont(name: name ?? "Font", content: request.body)
        }
    }
}

extension Response {
    /// The file of a font. What an id leads to never changes: it is made of the bytes (RFC 8246).
    fileprivate static func font(_ id: Identifier, _ content: [UInt8], to request: Request) -> Response {
        let tag = "\"\(id)\""
        var headers: Headers = [.etag: tag, .cacheControl: "public, max-age=31536000, immutable"]
        if request.ifNoneMatch(names: Array(tag.utf8)) { return Response(.notModified, headers: headers) }
        headers.add(.contentType, "font/woff2")
        return Response(.ok, headers: headers, body: content)
    }
}

private struct FontsAnswer: JSONWritable {
    let fonts: [SiteFont]

    func write(to writer: inout JSONWriter) {
        writer.object { $0.member("fonts", fonts) }
    }
}

extension SiteFont: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("id", id)
            $0.member("url", path)
            $0.member("name", name)
            $0.member("bytes", bytes)
            $0.member("variable", isVariable)
            $0.member("createdAt", createdAt)
        }
    }
}
