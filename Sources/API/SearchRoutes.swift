// SPDX-License-Identifier: Apache-2.0
internal import HTTP
public import JSON
public import Stories

extension Endpoints {
    /// `GET /stories/{story}/search` finds updates, also drafts, and `GET /updates/search` those of all stories of the key;
    /// `GET /stories/{story}/outline` lists the hours in which some were published. All are for those who may write to the story.
    mutating func addSearch() {
        let store = store
        on(.get, "/stories/{story}/search", .key, parameters: SearchRequest.parameters) { call in
            let reference = try call.story
            let request = try SearchRequest(Parameters(request: call.request))
            let page = try await store.search(request.search, in: reference, access: call.access)
            let older = page.older.map { "/stories/\(reference)/search" + request.query(before: $0) }
            return .json(SearchAnswer(updates: page.updates, older: older), capacity: 16 * 1_024)
        }
        on(.get, "/updates/search", .key, parameters: SearchRequest.overviewParameters) { call in
            let request = try SearchRequest(Parameters(request: call.request), isOverview: true)
            let overview = try await store.searchAll(request.search, access: call.access)
            return .json(overview, capacity: 16 * 1_024)
        }
        on(.get, "/stories/{story}/outline", .key) { call in
            .json(OutlineAnswer(hours: try await store.outline(of: try call.story, access: call.access)))
        }
    }
}

private struct OutlineAnswer: JSONWritable {
    let hours: [OutlineHour]

    func write(to writer: inout JSONWriter) {
        writer.object { $0.member("hours", hours) }
    }
}

extension OutlineHour: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("start", start)
            $0.member("count", count)
            $0.member("latest", latest)
        }
    }
}

private struct SearchRequest {
    static let overviewParameters = ["q", "author", "tag", "limit"]
    static let parameters = overviewParameters + ["before"]

    private let text: String?
    private let author: String?
    private let tag: String?
    let search: UpdateSearch

    /// `isOverview`: it has no further pages.
    init(_ parameters: Parameters, isOverview: Bool = false) throws(Problem) {
        text = try parameters.searched("q", atMost: Limits.searchCharacters)
        author = try parameters.searched("author", atMost: Limits.nameCharacters)
        tag = try parameters.tag()
        guard text != nil || author != nil || tag != nil else {
            throw Problem(parameter: "q", "is required, unless there is an author or a tag")
        }
        search = UpdateSearch(
            text, author: author, tag: tag, limit: try parameters.limit(),
            before: isOverview ? nil : try parameters.position("before") { SearchPosition($0) })
    }

    func query(before position: SearchPosition) -> String {
        var query = QueryBuilder()
        query.add("q", text)
        query.add("author", author)
        query.add("tag", tag)
        query.add("limit", search.limit == Limits.defaultPageSize ? nil : String(search.limit))
        query.add("before", position.description)
        return query.text
    }
}

extension Parameters {
    /// Returns a text to search for.
    fileprivate func searched(_ name: String, atMost count: Int) throws(Problem) -> String? {
        guard let text = try text(name) else { return nil }
        guard text.unicodeScalars.count <= count else {
            throw Problem(parameter: name, "must be at most \(count) characters long")
        }
        guard !text.isBlank else { throw Problem(parameter: name, "must not be blank") }
        return text
    }
}

private struct SearchAnswer: JSONWritable {
    let updates: [EditorUpdate]
    let older: String?

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("updates", updates)
            $0.member("older", older)
        }
    }
}

extension SearchOverview: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("found", found)
            $0.member("complete", isComplete)
        }
    }
}

extension SearchOverview.Found: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("story", StoryName(story: story))
            writer.member("update", update)
        }
    }
}

/// A story, as far as it is named beside one of its updates.
private struct StoryName: JSONWritable {
    let story: Story

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("id", story.id)
            $0.member("title", story.content.title)
            $0.member("status", story.content.status.rawValue)
        }
    }
}
