// SPDX-License-Identifier: Apache-2.0
@testable import HTTP

extension Property {
    /// A form is the same whatever the size of the windows in which it is read; its parts are in order, inside the body, and hold no
    /// boundary; written plainly it is the same again. An error is at a byte of the body.
    ///
    /// The first byte selects the windows; the boundary is `B`.
    static let multipart = Property(name: "multipart") { bytes in
        guard let choice = bytes.first else { return nil }
        let body = Array(bytes.dropFirst())
        let whole = form(body)
        let windowed = form(body, windowBytes: 8 + Int(choice % 64))
        switch (whole, windowed) {
        case (.failure(let error), .failure(let other)):
            guard error == other else { return "in windows it is \(other), whole it is \(error)" }
            let isInside = (0...body.count).contains(error.byte) && !error.detail.isEmpty
            return isInside ? nil : "an error outside of the body: \(error)"
        case (.success(let parts), .success(let others)):
            guard describe(parts, body) == describe(others, body) else { return "the windows matter" }
            return placeViolation(parts, body) ?? plainViolation(parts, body)
        default: return "whole it is \(whole), in windows \(windowed)"
        }
    }

    private static func form(
        _ body: [UInt8], windowBytes: Int = 64 * 1024
    ) -> Result<[MultipartForm.Part], MultipartError> {
        let source = ByteSource(size: body.count) { (range) throws(FileError) in Array(body[range]) }
        let type = FieldValue("multipart/form-data; boundary=B")
        return Result { () throws(MultipartError) in
            try MultipartForm(source, contentType: type, windowBytes: windowBytes).parts
        }
    }

    private static func placeViolation(_ parts: [MultipartForm.Part], _ body: [UInt8]) -> String? {
        guard parts.count <= MultipartForm.maximumParts else { return "\(parts.count) parts" }
        let delimiter = Array("\r\n--B".utf8)
        var last = 0
        for part in parts {
            guard part.range.lowerBound > last, part.range.upperBound + 3 <= body.count else {
                return "a part is at \(part.range) of \(body.count) bytes, after \(last)"
            }
            last = part.range.upperBound
            if let start = body[part.range].indices.first(where: { body[$0...].starts(with: delimiter) }),
                start + delimiter.count <= part.range.upperBound
            {
                return "a boundary is in the part at \(part.range)"
            }
            if part.name.utf8.contains(where: { $0 < 0x20 && $0 != 9 }) { return "a control in a name" }
        }
        return nil
    }

    /// The same form in the plainest way of writing it.
    private static func plainViolation(_ parts: [MultipartForm.Part], _ body: [UInt8]) -> String? {
        var plain: [UInt8] = []
        for part in parts {
            plain += "--B\r\nContent-Disposition: form-data; name=".utf8 + quoted(part.name)
            if let filename = part.filename { plain += "; filename=".utf8 + quoted(filename) }
            if let type = part.contentType { plain += "\r\nContent-Type: ".utf8 + type.bytes }
            plain += Array("\r\n\r\n".utf8) + body[part.range] + "\r\n".utf8
        }
        plain += "--B--".utf8
        guard case .success(let again) = form(plain) else { return "said plainly it is \(form(plain))" }
        let same = describe(again, plain) == describe(parts, body)
        return same ? nil : "said plainly it is \(describe(again, plain)), not \(describe(parts, body))"
    }

    private static func quoted(_ text: String) -> [UInt8] {
        let quote = UInt8(ascii: "\"")
        let escaped = text.utf8.flatMap {
            [quote, UInt8(ascii: "\\")].contains($0) ? [UInt8(ascii: "\\"), $0] : [$0]
        }
        return [quote] + escaped + [quote]
    }

    private static func describe(_ parts: [MultipartForm.Part], _ body: [UInt8]) -> [[[UInt8]]] {
        parts.map { part in
            [
                Array(part.name.utf8), Array((part.filename.map { "=" + $0 } ?? "none").utf8),
                part.contentType.map { [1] + $0.bytes } ?? [], Array(body[part.range]),
            ]
        }
    }
}
