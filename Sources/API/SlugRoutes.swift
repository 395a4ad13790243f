// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Stories

extension Endpoints {
    /// Routes for the slugs of a story: former ones still resolve to it, until an admin frees them.
    mutating func addSlugs() {
        let store = store
        on(.get, "/stories/{story}/slugs", .key) { call in
            let reference = try call.story
            let names = try await store.names(of: reference, access: call.access)
            try call.access.requireWrite(to: names.id)
            return .json(SlugsAnswer(names: names))
        }
        on(.delete, "/stories/{story}/slugs/{slug}", .key) { call in
            let reference = try call.story
            guard let slug = Slug(call.request.parameters["slug"] ?? "") else {
                throw Problem(.notFound(.slug))
            }
            let names = try await store.freeSlug(slug, of: reference, access: call.access)
            await call.purge(names)
            return Response(.noContent)
        }
    }
}

private struct SlugsAnswer: JSONWritable {
    let names: StoryNames

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("slug", names.slug.text)
            $0.member("former", names.formerSlugs.map(\.text))
        }
    }
}
