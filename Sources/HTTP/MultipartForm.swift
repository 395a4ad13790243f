// SPDX-License-Identifier: Apache-2.0
/// A form with files (`multipart/form-data`, RFC 7578) in a spooled body. Its contents stay on disk.
public struct MultipartForm: Sendable {
    /// One field of the form.
    public struct Part: Sendable {
        /// The field's name. Client-chosen text: compare it bytewise.
        public let name: String
        /// The name that the file has at the client, as it was sent; `nil` if the part is no file. Client-chosen text, never a path.
        public let filename: String?
        /// The media type that the client claims.
        public let contentType: FieldValue?
        /// Where the content is in the body.
        public let range: Range<Int>
    }

    /// The fields in their order.
    public let parts: [Part]

    /// Parts of a form, at most.
    public static let maximumParts = 20
    /// Bytes of the header fields of a part, at most.
    public static let maximumHeaderBytes = 16 * 1024

    /// Parses a body. Blocks while it reads it, in pieces of 64 KiB, so it must not be called on a worker's queue.
    ///
    /// - Parameter contentType: the request's `Content-Type`, which has the boundary.
    /// - Throws: what is wrong, and where.
    public init(_ body: SpooledBody, contentType: FieldValue) throws(MultipartError) {
        let source = ByteSource(size: body.size) { (range) throws(FileError) in try body.read(range) }
        try self.init(source, contentType: contentType)
    }

    init(
        _ source: ByteSource, contentType: FieldValue, windowBytes: Int = 64 * 1024
    ) throws(MultipartError) {
        let boundary = try Self.boundary(contentType)
        parts = try MultipartParser(source: source, boundary: boundary, windowBytes: windowBytes).parts()
    }

    /// The boundary (RFC 2046 §5.1.1): 1 to 70 characters that may stand in one, the last of which is not a space.
    private static func boundary(_ contentType: FieldValue) throws(MultipartError) -> [UInt8] {
        let field: FieldParameters
        do {
            field = try FieldParameters(contentType)
        } catch {
            throw MultipartError(.badRequest, "Content-Type \(error.detail)", at: 0)
        }
        guard field.value.matches("multipart/form-data") else {
            throw MultipartError(.unsupportedMediaType, "the body is not multipart/form-data", at: 0)
        }
        guard let boundary = field["boundary"], (1...70).contains(boundary.count),
            boundary.last != ASCII.space, boundary.allSatisfy(isBoundaryByte)
        else {
            throw MultipartError(
                .badRequest, "Content-Type has no boundary of 1 to 70 characters that RFC 2046 allows", at: 0)
        }
        return boundary
    }

    private static func isBoundaryByte(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || "'()+_,-./:=? ".utf8.contains(byte)
    }
}

/// Why a form is rejected.
public struct MultipartError: Error, Hashable, Sendable, CustomStringConvertible {
    /// 400; 413 for too many parts or header fields, 415 for another media type, 503 if the body cannot be read.
    public let status: Status
    /// What is wrong, for the client's developer: one sentence without a full stop.
    public let detail: String
    /// The offset in the body where it is; 0 for the body as a whole.
    public let byte: Int

    init(_ status: Status, _ detail: String, at byte: Int) {
        (self.status, self.detail, self.byte) = (status, detail, byte)
    }

    /// What is wrong, and at which byte.
    public var description: String { "\(detail) (at byte \(byte) of the body)" }
}

/// Random access to the bytes of a body.
struct ByteSource {
    let size: Int
    let read: (Range<Int>) throws(FileError) -> [UInt8]
}
