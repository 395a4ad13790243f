@testable import API
@testable import Stories

extension Law {
    /// No line of a live page is lost in silence, and the document that is made of it comes back from its own JSON.
    static let page = Law(name: "page") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        guard let reader = try? PageTextImporter.Reader.read(text) else { return nil }
        if let loss = PageTextImporterLaw.loss(from: text, in: reader) { return loss }
        let places = PageTextImporter.Places(reader)
        let document = StoryDocument.reading(reader.page, places).document
        if let fault = document.errors(in: places).first {
            return fault.detail.contains("in line ") ? nil : "a fault names no line: \(fault)"
        }
        guard let again = try? StoryDocument(json: document.json()) else { return "its own JSON is refused" }
        return again.json() == document.json() ? nil : "its own JSON is another"
    }
}
