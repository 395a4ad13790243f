// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTTP
import Support
import Testing

/// Preconditions and ranges of files, without a socket.
@Suite("File responses")
struct FileResponseTests {
    private static let modified = "Sun, 06 Nov 1994 08:49:37 GMT"
    private static let earlier = "Sun, 06 Nov 1994 08:49:36 GMT"
    private let folder: TemporaryFolder
    private let file: FileBody

    init() throws {
        folder = try TemporaryFolder()
        try Data((0..<100).map { UInt8($0) }).write(to: URL(filePath: folder.file("file")))
        file = try FileBody(path: folder.file("file"))
    }

    private func response(_ method: HTTP.Method, _ headers: Headers) throws -> Response {
        try Response.file(
            file, type: "image/jpeg", etag: "\"a\"", cacheControl: "public, max-age=9",
            lastModified: 784_111_777, for: Request(method, "/", headers: headers))
    }

    @Test(
        "follow RFC 9110 §13.2.2: preconditions first, then ranges",
        arguments: [
            ([:], "200 0..<100"),
            ([.range: "bytes=10-19"], "206 10..<20"),
            ([.range: "bytes=-10"], "206 90..<100"),
            ([.range: "bytes=100-"], "416"),
            ([.range: "bytes=0-1,3-4"], "200 0..<100"),
            ([.ifNoneMatch: "\"a\""], "304"),
            ([.ifNoneMatch: "W/\"a\", \"b\""], "304"),
            ([.ifNoneMatch: "*"], "304"),
            ([.ifNoneMatch: "\"b\""], "200 0..<100"),
            // A range does not hide that the client has the representation.
            ([.ifNoneMatch: "\"a\"", .range: "bytes=0-0"], "304"),
            ([.ifMatch: "\"a\""], "200 0..<100"),
            ([.ifMatch: "\"b\", \"a\""], "200 0..<100"),
            ([.ifMatch: "*"], "200 0..<100"),
            ([.ifMatch: "W/\"a\""], "412"),
            ([.ifMatch: "\"b\""], "412"),
            ([.ifMatch: "\"b\"", .ifNoneMatch: "\"a\""], "412"),
            ([.ifMatch: "\"a\"", .range: "bytes=5-"], "206 5..<100"),
            ([.ifModifiedSince: modified], "304"),
            ([.ifModifiedSince: earlier], "200 0..<100"),
            ([.ifModifiedSince: "yesterday"], "200 0..<100"),
            ([.ifModifiedSince: modified, .ifNoneMatch: "\"b\""], "200 0..<100"),
            ([.ifUnmodifiedSince: modified], "200 0..<100"),
            ([.ifUnmodifiedSince: earlier], "412"),
            ([.ifUnmodifiedSince: earlier, .ifMatch: "\"a\""], "200 0..<100"),
            ([.ifRange: "\"a\"", .range: "bytes=0-4"], "206 0..<5"),
            ([.ifRange: "\"b\"", .range: "bytes=0-4"], "200 0..<100"),
            ([.ifRange: "W/\"a\"", .range: "bytes=0-4"], "200 0..<100"),
            ([.ifRange: modified, .range: "bytes=0-4"], "200 0..<100"),
            ([.ifRange: "\"b\"", .range: "bytes=100-"], "200 0..<100"),
        ] as [(Headers, String)])
    func rules(headers: Headers, wanted: String) throws {
        do {
            let response = try response(.get, headers)
            let range = response.fileRange.map { " \($0)" } ?? ""
            #expect("\(response.status.code)\(range)" == wanted)
            #expect(response.headers[.etag] == "\"a\"" && response.headers[.lastModified] == Self.modified)
            #expect(response.headers[.cacheControl] == "public, max-age=9")
            #expect((response.headers[.acceptRanges] == "bytes") == (response.file != nil))
        } catch let refusal as FileRefusal {
            #expect("\(refusal.failure.status.code)" == wanted)
            #expect(refusal.headers[.contentRange] == (wanted == "416" ? "bytes */100" : nil))
        }
    }

    @Test("HEAD has no ranges, and other parts of the response are those of GET")
    func head() throws {
        let head = try response(.head, [.range: "bytes=0-4"])
        #expect(head.status == .ok && head.fileRange == 0..<100)
        #expect(try head.headers == response(.get, [:]).headers)
        #expect(try response(.get, [.range: "bytes=0-4"]).headers[.contentRange] == "bytes 0-4/100")
        #expect(try response(.head, [.ifNoneMatch: "\"a\""]).status == .notModified)
    }

    @Test("A prebuilt head keeps the file")
    func prebuilt() throws {
        let response = try response(.get, [:]).prebuilt()
        #expect(response.file === file && response.bodyBytes == 100)
        #expect(
            String(decoding: response.prebuiltHead ?? [], as: UTF8.self).contains("Content-Length: 100\r\n"))
    }

    @Test("Only regular files are opened, and errors say what they are")
    func opening() throws {
        #expect(file.size == 100 && file.modifiedAt > 1_700_000_000)
        var failure: FileError?
        do throws(FileError) { _ = try FileBody(path: folder.file("nothing")) } catch { failure = error }
        #expect(failure?.isMissing == true && failure?.isFull == false)
        #expect(throws: FileError(call: "open", code: EINVAL)) { try FileBody(path: folder.path) }
        #expect(mkfifo(folder.file("fifo"), 0o600) == 0)
        #expect(throws: FileError(call: "open", code: EINVAL)) { try FileBody(path: folder.file("fifo")) }
        #expect(
            FileError(call: "pwrite", code: ENOSPC).isFull && FileError(call: "pwrite", code: EDQUOT).isFull)
    }
}
