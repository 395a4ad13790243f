// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Live
internal import Stories

extension Endpoints {
    mutating func addLinks() {
        let store = store
        onRead(PublicPath.links.template, parameters: ["cursor"]) { [reader] call, counter in
            // Readers may add the cursor of their snapshot, so that no cache responds with lists from before it. It is validated
            // and otherwise ignored: the store has only the current lists.
            _ = try Parameters(request: call.request).cursor()
            return try call.answer(.links, from: reader, counter) { channel, access in
                let lists = try await store.links(of: .id(channel.id), access: access)
                return Representation(
                    lists.value, tag: "\(lists.version)", story: channel.id, freshness: .live)
            }
        }
        on(.put, "/stories/{story}/links/{kind}", .key) { call in
            let reference = try call.story
            guard let kind = LinkKind(exactly: call.request.parameters["kind"] ?? "") else {
                throw Problem(.notFound(.linkList))
            }
            let precondition = try EntityTag.precondition(of: call.request)
            let links = try Link.list(body: call.request.json())
            let lists = try await store.replaceLinks(
                kind, of: reference, with: links, if: precondition, access: call.access)
            return .json(lists.value, headers: [.etag: EntityTag.text(lists.version)])
        }
    }
}
