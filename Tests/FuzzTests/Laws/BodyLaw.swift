import JSON

@testable import API
@testable import Stories

extension Law {
    /// A body is either read into something that keeps the domain's rules and comes back from its own JSON, or is refused
    /// with faults that say where they are.
    ///
    /// The first byte chooses what the body is to be.
    static let bodies = Law(name: "bodies") { bytes in
        guard let choice = bytes.first else { return nil }
        let body = Array(bytes.dropFirst())
        if choice % 6 == 5 { return documentBreach(body) }
        guard let value = try? JSONValue(parsing: body) else { return nil }
        do throws(Problem) {
            switch choice % 6 {
            case 0: return storyBreach(try StoryPatch(body: value, requiring: "title"))
            case 1: return storyBreach(try StoryPatch(body: value))
            case 2: return updateBreach(try UpdatePatch(body: value, requiring: "body"))
            case 3: return updateBreach(try UpdatePatch(body: value))
            default:
                return Link.errors(in: try Link.list(body: value)).first.map { "a link was taken: \($0)" }
            }
        } catch {
            return faultBreach(error.errors)
        }
    }

    /// Every fault has its place (RFC 6901) and says something.
    private static func faultBreach(_ errors: [ValidationError]) -> String? {
        guard !errors.isEmpty else { return "a refusal without a fault" }
        let unclear = errors.first {
            $0.detail.isEmpty || !($0.pointer.isEmpty || $0.pointer.utf8.first == UInt8(ascii: "/"))
        }
        return unclear.map { "a fault without a place: \($0)" }
    }

    private static func storyBreach(_ patch: StoryPatch) -> String? {
        if let fault = patch.errors().first { return "a story was taken: \(fault)" }
        var content = StoryContent(title: "Before")
        do throws(StoryError) {
            try patch.apply(to: &content)
        } catch {
            // Rules between members that are not all in the patch are looked at only here.
            guard case .invalid(let errors) = error else { return "\(error)" }
            return faultBreach(errors)
        }
        return documentBreach(JSONWriter.bytes(of: StoryDocument(content: content)), mustBeTaken: true)
    }

    private static func updateBreach(_ patch: UpdatePatch) -> String? {
        if let fault = patch.errors().first { return "an update was taken: \(fault)" }
        var (document, content) = (
            StoryDocument(content: StoryContent(title: "T")), UpdateContent(body: "Before")
        )
        patch.apply(to: &content)
        document.updates = [StoryDocument.UpdateEntry(content: content)]
        return documentBreach(JSONWriter.bytes(of: document), mustBeTaken: true)
    }

    /// The round trip of a document is exact, and what is taken keeps the rules.
    private static func documentBreach(_ bytes: [UInt8], mustBeTaken: Bool = false) -> String? {
        let document: StoryDocument
        do throws(StoryDocumentError) {
            document = try StoryDocument.read(bytes, as: .json).document
        } catch {
            if mustBeTaken { return "its own JSON is refused: \(error)" }
            guard case .invalid(let errors) = error else { return nil }
            return faultBreach(errors)
        }
        if let fault = document.errors().first { return "a document was taken: \(fault)" }
        guard let again = try? StoryDocument(json: document.json()) else { return "its own JSON is refused" }
        guard again == document, again.json() == document.json() else { return "its own JSON is another" }
        return nil
    }
}
