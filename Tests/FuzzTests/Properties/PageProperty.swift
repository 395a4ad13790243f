// SPDX-License-Identifier: Apache-2.0
@testable import API
@testable import Stories

extension Property {
    /// No line of a live page is dropped silently, and its document survives a JSON round trip.
    static let page = Property(name: "page") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        guard let reader = try? PageTextImporter.Reader.read(text) else { return nil }
        if let loss = PageTextImporterProperty.loss(from: text, in: reader) { return loss }
        let sourceMap = PageTextImporter.SourceMap(reader)
        let document = StoryDocument.reading(reader.page, sourceMap).document
        if let fault = document.errors(in: sourceMap).first {
            return fault.detail.contains("in line ") ? nil : "a fault names no line: \(fault)"
        }
        guard let again = try? StoryDocument(json: document.json()) else { return "its own JSON is refused" }
        return again.json() == document.json() ? nil : "its own JSON is another"
    }
}
