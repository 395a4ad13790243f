// SPDX-License-Identifier: Apache-2.0
internal import JSON
public import Stories

/// A form in which a whole story can be imported.
public enum StoryDocumentForm: Sendable {
    /// Wireroom's own export.
    case json
    /// A live page saved as text.
    case page
}

extension StoryDocument {
    /// Parses a document of either form; returns it with its import report.
    public static func read(
        _ bytes: [UInt8], as form: StoryDocumentForm
    ) throws(StoryDocumentError) -> (document: StoryDocument, report: ImportReport) {
        switch form {
        case .json:
            let document = try StoryDocument(json: bytes)
            return (document, document.report)
        case .page:
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw .malformed("the page is not valid UTF-8")
            }
            return try read(page: text)
        }
    }

    /// Guesses the form of a document: an export begins with a brace, which a page does not.
    public static func form(of bytes: [UInt8]) -> StoryDocumentForm {
        let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return first == UInt8(ascii: "{") ? .json : .page
    }

    private static func read(
        page text: String
    ) throws(StoryDocumentError) -> (document: StoryDocument, report: ImportReport) {
        let (page, sourceMap): (PageTextImporter, PageTextImporter.SourceMap)
        do throws(PageTextImporter.ParseError) {
            (page, sourceMap) = try PageTextImporter.read(text)
        } catch {
            if case .notText = error { throw .otherForm("\(error)") }
            throw .malformed("the body is no live page: \(error)")
        }
        let (document, report) = StoryDocument.reading(page, sourceMap)
        let errors = document.errors(in: sourceMap)
        guard errors.isEmpty else { throw .invalid(errors) }
        return (document, report)
    }
}

extension ImportReport {
    /// Returns the response to an import as JSON text with a trailing newline.
    public func json(with story: Story) -> [UInt8] {
        JSONWriter.line(of: ImportAnswer(story: story, report: self))
    }
}
