// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import MediaFiles
internal import Stories

/// A picture in the body of a request: the body itself, or the one file of a form.
struct MediaUpload: Sendable {
    /// Held until the picture is processed: its file ends with it.
    let body: SpooledBody
    /// Where the picture is in it.
    let range: Range<Int>

    /// Finds the picture. What type the client says it is does not matter.
    ///
    /// - Throws: 422 for a form that has not exactly one file, or for no bytes at all; what ``HTTP/MultipartError`` says.
    init(_ request: Request) async throws(Problem) {
        guard let body = request.spooledBody else { throw Problem(empty: "must be a picture") }
        self.body = body
        let type = request.header(.contentType)
        if let type, type.isOfForm {
            range = try await Self.onlyFile(of: body, type)
        } else {
            range = 0..<body.size
        }
        guard !range.isEmpty else { throw Problem(empty: "must be a picture, and has no bytes") }
    }

    private static func onlyFile(
        of body: SpooledBody, _ type: FieldValue
    ) async throws(Problem) -> Range<Int> {
        let form: MultipartForm
        do throws(MultipartError) {
            form = try await BlockingWork.run { () throws(MultipartError) in
                try MultipartForm(body, contentType: type)
            }
        } catch {
            throw Problem(error)
        }
        let files = form.parts.filter { $0.filename != nil }
        guard let file = files.first, files.count == 1 else {
            throw Problem(empty: "must have one file, and has \(files.count)")
        }
        return file.range
    }
}

extension FieldValue {
    /// Whether the media type is that of a form with files.
    fileprivate var isOfForm: Bool { cut(at: UInt8(ascii: ";")).head.trimmed.matches("multipart/form-data") }
}

extension Problem {
    /// The body is not what it must be: 422.
    fileprivate init(empty rule: String) { self.init(errors: [ValidationError("", rule)]) }

    /// A form that cannot be read.
    init(_ error: MultipartError) {
        let kind: Kind =
            switch error.status {
            case .badRequest: .malformedBody
            case .serviceUnavailable: .storage
            default: Kind(error.status)
            }
        self.init(kind, error.description)
        if error.status == .serviceUnavailable { headers[.retryAfter] = RetryAfter.value(atLeast: 5) }
    }
}
