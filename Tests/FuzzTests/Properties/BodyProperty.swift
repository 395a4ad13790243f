// SPDX-License-Identifier: Apache-2.0
import JSON

@testable import API
@testable import Stories

extension Property {
    /// A body is either parsed to a valid value that survives a JSON round trip, or rejected
    /// with errors that have locations.
    ///
    /// The first byte selects the kind of body.
    static let bodies = Property(name: "bodies") { bytes in
        guard let choice = bytes.first else { return nil }
        let body = Array(bytes.dropFirst())
        if choice % 6 == 5 { return documentViolation(body) }
        guard let value = try? JSONValue(parsing: body) else { return nil }
        do throws(Problem) {
            switch choice % 6 {
            case 0: return storyViolation(try StoryPatch(body: value, requiring: "title"))
            case 1: return storyViolation(try StoryPatch(body: value))
            case 2: return updateViolation(try UpdatePatch(body: value, requiring: "body"))
            case 3: return updateViolation(try UpdatePatch(body: value))
            default:
                return Link.errors(in: try Link.list(body: value)).first.map { "a link was taken: \($0)" }
            }
        } catch {
            return faultViolation(error.errors)
        }
    }

    /// Every error has a JSON Pointer (RFC 6901) and a message.
    private static func faultViolation(_ errors: [ValidationError]) -> String? {
        guard !errors.isEmpty else { return "a rejection without an error" }
        let unclear = errors.first {
            $0.detail.isEmpty || !($0.pointer.isEmpty || $0.pointer.utf8.first == UInt8(ascii: "/"))
        }
        return unclear.map { "a fault without a place: \($0)" }
    }

    private static func storyViolation(_ patch: StoryPatch) -> String? {
        if let fault = patch.errors().first { return "a story was taken: \(fault)" }
        var content = StoryContent(title: "Before")
        do throws(StoryError) {
            try patch.apply(to: &content)
        } catch {
            // Rules across members that are not all in the patch are checked only here.
            guard case .invalid(let errors) = error else { return "\(error)" }
            return faultViolation(errors)
        }
        return documentViolation(JSONWriter.bytes(of: StoryDocument(content: content)), mustBeAccepted: true)
    }

    private static func updateViolation(_ patch: UpdatePatch) -> String? {
        if let fault = patch.errors().first { return "an update was taken: \(fault)" }
        var (document, content) = (
            StoryDocument(content: StoryContent(title: "T")), UpdateContent(body: "Before")
        )
        patch.apply(to: &content)
        document.updates = [StoryDocument.UpdateEntry(content: content)]
        return documentViolation(JSONWriter.bytes(of: document), mustBeAccepted: true)
    }

    /// The round trip of a document is exact, and an accepted document is valid.
    private static func documentViolation(_ bytes: [UInt8], mustBeAccepted: Bool = false) -> String? {
        let document: StoryDocument
        do throws(StoryDocumentError) {
            document = try StoryDocument.read(bytes, as: .json).document
        } catch {
            if mustBeAccepted { return "its own JSON is refused: \(error)" }
            guard case .invalid(let errors) = error else { return nil }
            return faultViolation(errors)
        }
        if let fault = document.errors().first { return "a document was taken: \(fault)" }
        guard let again = try? StoryDocument(json: document.json()) else { return "its own JSON is refused" }
        guard again == document, again.json() == document.json() else { return "its own JSON is another" }
        return nil
    }
}
