// SPDX-License-Identifier: Apache-2.0
internal import HTTP
public import JSON
internal import Live
public import Stories

extension Endpoints {
    mutating func addDocuments() {
        let store = store
        on(.post, "/import", .key, parameters: ["slug", "status"]) { call in
            let (read, report) = try await call.document
            var document = read
            let parameters = Parameters(request: call.request)
            if let slug = try parameters.slug() { document.slug = slug }
            if let status: StoryStatus = try parameters.choice("status") { document.content.status = status }
            return try await call.perform(
                answering: { [document, report] in .imported($0, report.after($0, of: document)) },
                place: { "/updates/\($0)" }
            ) { [document] idempotency in
                try await store.importStory(document, idempotency: idempotency, access: call.access)
            }
        }
        on(.get, "/stories/{story}/export", .key) { call in
            let reference = try call.story
            let document = try await store.exportStory(reference, access: call.access)
            let body = try await call.jobs.run { document.json() }
            return Response(.ok, headers: [.contentType: "application/json"], body: body)
        }
    }
}

extension Call {
    /// The document in the body, parsed by its media type, with the import report.
    fileprivate var document: (StoryDocument, ImportReport) {
        get async throws {
            let type = try request.requireBody(of: "application/json", "text/plain")
            let form: StoryDocumentForm = type == "text/plain" ? .page : .json  // ascii: one of these two
            let outcome = try await jobs.run { [body = request.body] in
                Result { () throws(StoryDocumentError) in try StoryDocument.read(body, as: form) }
            }
            do throws(StoryDocumentError) {
                return try outcome.get()
            } catch {
                switch error {
                case .malformed(let detail):
                    throw Problem(.malformedBody, detail, errors: [ValidationError("", detail)])
                case .otherForm(let detail): throw Problem(.unsupportedMediaType, detail)
                case .invalid(let errors): throw Problem(errors: errors)
                }
            }
        }
    }
}

extension Response {
    fileprivate static func imported(_ imported: ImportedStory, _ report: ImportReport) -> Response {
        let story = imported.story
        return .json(
            ImportAnswer(story: story.value, report: report), .created,
            headers: [.location: "/stories/\(story.value.id)", .etag: EntityTag.text(story.version)])
    }
}

struct ImportAnswer: JSONWritable {
    let story: Story
    let report: ImportReport

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("story", story)
            $0.member("report", report)
        }
    }
}

extension ImportReport: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("updates", updates)
            $0.member("keyPoints", keyPoints)
            $0.member("links") {
                $0.object {
                    for kind in LinkKind.allCases { $0.member(named: kind.rawValue, links[kind] ?? 0) }
                }
            }
            $0.member("warnings", warnings)
        }
    }
}

extension ImportReport.Warning: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("line", line)
            $0.member("detail", detail)
        }
    }
}
