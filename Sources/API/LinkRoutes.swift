internal import HTTP
internal import JSON
internal import Stories

extension Endpoints {
    mutating func addLinks() {
        let store = store
        on(.get, "/stories/{story}/links") { call throws(Problem) in
            let reference = try call.story
            let lists = try await domain { () async throws(StoryError) in
                try await store.links(of: reference, access: call.access)
            }
            return .json(lists.value, headers: [.etag: EntityTag.text(lists.version)])
        }
        on(.put, "/stories/{story}/links/{kind}", .key) { call throws(Problem) in
            let reference = try call.story
            guard let kind = LinkKind(rawValue: call.request.parameters["kind"] ?? "") else {
                throw Problem(.notFound(.linkList))
            }
            let precondition = try EntityTag.precondition(of: call.request)
            let links = try Link.list(body: call.request.json())
            let lists = try await domain { () async throws(StoryError) in
                try await store.replaceLinks(
                    kind, of: reference, with: links, if: precondition, access: call.access)
            }
            return .json(lists.value, headers: [.etag: EntityTag.text(lists.version)])
        }
    }
}
