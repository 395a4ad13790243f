// SPDX-License-Identifier: Apache-2.0
import Glibc
import Support
import Testing

@testable import HTTP

/// Forms with files (RFC 7578).
@Suite("Multipart forms")
struct MultipartTests {
    private static let type = "multipart/form-data; boundary=B"

    private static func form(
        _ body: [UInt8], _ type: String = type, windowBytes: Int = 64 * 1024
    ) throws(MultipartError) -> MultipartForm {
        let source = ByteSource(size: body.count) { (range) throws(FileError) in Array(body[range]) }
        return try MultipartForm(source, contentType: FieldValue(type), windowBytes: windowBytes)
    }

    /// The parts of a form in a readable form.
    private static func described(
        _ text: String, _ type: String = type, windowBytes: Int = 64 * 1024
    ) throws -> [String] {
        let body = Array(text.utf8)
        return try form(body, type, windowBytes: windowBytes).parts.map { part in
            let file = part.filename.map { " file \($0)" } ?? ""
            let type = part.contentType?.ascii.map { " of \($0)" } ?? ""
            return "\(part.name)\(file)\(type): \(String(decoding: body[part.range], as: UTF8.self))"
        }
    }

    private static func part(_ disposition: String, _ content: String = "x") -> String {
        "--B\r\nContent-Disposition: \(disposition)\r\n\r\n\(content)\r\n--B--\r\n"
    }

    @Test("A form as browsers send it", arguments: [80, 100, 64 * 1024])
    func typical(windowBytes: Int) throws {
        let boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
        let text = """
            --\(boundary)\r
            Content-Disposition: form-data; name="alt"\r
            \r
            Ships in the harbour\r
            --\(boundary)\r
            Content-Disposition: form-data; name="file"; filename="høst; 1.jpg"\r
            Content-Type: image/jpeg\r
            \r
            \u{1}\r
            --\r
            ----WebKitFormBoundary7MA4YWxkTrZu0g\r\r
            \(String(repeating: "\r\n-", count: 200))\r
            --\(boundary)--\r

            """
        let content =
            "\u{1}\r\n--\r\n----WebKitFormBoundary7MA4YWxkTrZu0g\r\r\n"
            + String(repeating: "\r\n-", count: 200)
        #expect(
            try Self.described(text, "multipart/form-data; boundary=\(boundary)", windowBytes: windowBytes)
                == ["alt: Ships in the harbour", "file file høst; 1.jpg of image/jpeg: \(content)"])
    }

    @Test(
        "What RFC 2046 and RFC 7578 allow",
        arguments: [
            ("--B--", []), ("--B--\r\n", []), ("--B--epilogue\r\n--B\r\n", []),
            ("preamble\r\n--B--", []), ("\r\n--B--", []),
            (part("form-data; name=a"), ["a: x"]), (part("form-data; name=\"a\"", ""), ["a: "]),
            (part("FORM-DATA ; NAME=\"a\" ; x=y;"), ["a: x"]),
            (part("form-data; name=\"\""), [": x"]),
            (
                part(#"form-data; name="a\"b\\c"; filename="C:\dir\new.png""#),
                [#"a"b\c file C:\dir\new.png: x"#]
            ),
            (part(#"form-data; name="a%22b""#), ["a%22b: x"]),
            (part("form-data; name=a; filename=\"\""), ["a file : x"]),
            (part("form-data; name=a; filename*=UTF-8''b.png"), ["a: x"]),
            // No content, so that the empty line's end is the delimiter's.
            ("--B\r\nContent-Disposition: form-data; name=a\r\n\r\n--B--", ["a: "]),
            ("--B \t\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--B--", ["a: x"]),
            (
                "--B\r\nX-Other: y\r\ncontent-disposition: form-data; name=a\r\ncontent-transfer-encoding: Binary\r\n\r\nx\r\n--B--",
                ["a: x"]
            ),
            (part("form-data; name=a", "-\r\n-\r\n--\r\n--C"), ["a: -\r\n-\r\n--\r\n--C"]),
            (part("form-data; name=a", "\r\n\r\n"), ["a: \r\n\r\n"]),
        ])
    func allowed(text: String, parts: [String]) throws {
        for windowBytes in [8, 9, 16, 64 * 1024] {
            #expect(try Self.described(text, windowBytes: windowBytes) == parts)
        }
    }

    @Test(
        "What is refused says why, and at which byte",
        arguments: [
            ("", 400, 0, "the boundary of Content-Type is not in the body"),
            ("--A--", 400, 0, "the boundary of Content-Type is not in the body"),
            ("x--B--", 400, 0, "the boundary of Content-Type is not in the body"),
            ("--Bx\r\n", 400, 3, "a boundary is followed by neither a line end nor two hyphens"),
            ("--B", 400, 3, "a boundary is followed by neither a line end nor two hyphens"),
            ("--B\n\n", 400, 3, "a boundary is followed by neither a line end nor two hyphens"),
            ("--B\r\n", 400, 5, "the header fields of part 1 have no end: the body is cut off"),
            ("--B\r\n\r\nx\r\n--B--", 400, 5, "part 1 has no Content-Disposition"),
            ("--B\r\nA: b\r\n\r\nx\r\n--B--", 400, 5, "part 1 has no Content-Disposition"),
            ("--B\r\nA: b\r\nC\r\n\r\nx", 400, 11, "the header line of part 1 has no colon"),
            (
                "--B\r\nA: b\r\n c\r\n\r\nx", 400, 11,
                "the header line of part 1 is folded: it begins with white space"
            ),
            ("--B\r\nA: \u{1}\r\n\r\nx", 400, 5, "a header line of part 1 has the control character 0x1"),
            (
                "--B\r\nA: b\nC: d\r\n\r\nx", 400, 5,
                "a header line of part 1 has a line feed without a carriage return"
            ),
            (
                "--B\r\nContent-Disposition: form-data; name=a\r\n\r\nx", 400, 48,
                "part 1 has no boundary after it: the body is cut off"
            ),
            (
                part("form-data; name=a").replacing("--B--", with: "--Bx"), 400, 53,
                "a boundary is followed by neither a line end nor two hyphens"
            ),
            (
                part("attachment; name=a"), 400, 5,
                "the Content-Disposition of part 1 is not form-data with a name"
            ),
            (part("form-data"), 400, 5, "the Content-Disposition of part 1 is not form-data with a name"),
            (
                part("form-data; filename=a"), 400, 5,
                "the Content-Disposition of part 1 is not form-data with a name"
            ),
            (
                part("form-data; name=a; name=b"), 400, 5,
                "the Content-Disposition of part 1 has a parameter twice"
            ),
            (
                part("form-data; name=\"a"), 400, 5,
                "the Content-Disposition of part 1 has a quote that is not closed"
            ),
            (
                part("form-data; name="), 400, 5,
                "the Content-Disposition of part 1 has a parameter whose value needs quotes, or has none"
            ),
            (
                part("form-data; name"), 400, 5,
                "the Content-Disposition of part 1 has a parameter that is not a name and a value"
            ),
            (
                part("form-data; name=\"a\"b"), 400, 5,
                "the Content-Disposition of part 1 has something else than a semicolon after a parameter"
            ),
            (
                part("form-data; name=a\r\nContent-Disposition: form-data; name=b"), 400, 45,
                "part 1 has two of Content-Disposition"
            ),
            (
                part("form-data; name=a\r\nContent-Type: a/b\r\nContent-Type: a/c"), 400, 64,
                "part 1 has two of Content-Type"
            ),
            (
                part("form-data; name=a\r\nContent-Transfer-Encoding: base64"), 400, 45,
                "part 1 has a Content-Transfer-Encoding, and must not"
            ),
        ])
    func refused(text: String, status: Int, byte: Int, detail: String) {
        for windowBytes in [8, 64 * 1024] {
            do throws(MultipartError) {
                _ = try Self.form(Array(text.utf8), windowBytes: windowBytes)
                Issue.record("it is accepted")
            } catch {
                #expect(error == MultipartError(Status(status), detail, at: byte))
            }
        }
    }

    @Test(
        "Content-Type must be multipart/form-data with a boundary of RFC 2046",
        arguments: [
            ("multipart/form-data; boundary=\"B\"", nil),
            ("Multipart/Form-Data; charset=utf-8; BOUNDARY=B", nil),
            ("multipart/mixed; boundary=B", 415), ("image/png", 415), ("", 415), ("multipart/form-data", 400),
            ("multipart/form-data; boundary=", 400), ("multipart/form-data; boundary=\"\"", 400),
            ("multipart/form-data; boundary=\"B \"", 400), ("multipart/form-data; boundary=\"B\\\"\"", 400),
            ("multipart/form-data; boundary=B; boundary=C", 400), ("multipart/form-data; boundary=B C", 400),
            ("multipart/form-data; boundary=\(String(repeating: "B", count: 71))", 400),
        ] as [(String, Int?)])
    func contentTypes(type: String, status: Int?) {
        do throws(MultipartError) {
            #expect(try Self.form(Array("--B--".utf8), type).parts.isEmpty && status == nil)
        } catch {
            #expect(error.status.code == status)
        }
    }

    @Test("Names that are not UTF-8 are refused")
    func encoding() {
        let text = Self.part("form-data; name=\"?\"")
        let body = Array(text.utf8).map { $0 == UInt8(ascii: "?") ? 0xFF : $0 }
        #expect(throws: MultipartError(.badRequest, "the name of part 1 is not UTF-8", at: 5)) {
            try Self.form(body)
        }
    }

    @Test("Parts and their header fields are bounded")
    func bounds() throws {
        let part = "--B\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n"
        let most = String(repeating: part, count: 20)
        #expect(try Self.described(most + "--B--").count == 20)
        let error = #expect(throws: MultipartError.self) { try Self.described(most + part + "--B--") }
        #expect(error?.status == .contentTooLarge && error?.byte == most.utf8.count + 5)

        let lines = "Content-Disposition: form-data; name=a\r\nX: "
        let fill = { (bytes: Int) in
            "--B\r\n\(lines)\(String(repeating: "y", count: bytes - lines.utf8.count - 2))\r\n\r\nx\r\n--B--"
        }
        #expect(try Self.described(fill(16_384)) == ["a: x"])
        let long = #expect(throws: MultipartError.self) { try Self.described(fill(16_385)) }
        #expect(long?.status == .contentTooLarge && long?.byte == 5)
    }

    @Test("A form in a spooled body is read from its file; one that cannot be read is 503")
    func spooled() throws {
        let folder = try TemporaryFolder()
        let content = SpoolFixture.bytes(300_000)
        let head = Array("--B\r\nContent-Disposition: form-data; name=a\r\n\r\n".utf8)
        let body = try SpooledBody(head + content + Array("\r\n--B--".utf8), folder: folder.path)
        let form = try MultipartForm(body, contentType: FieldValue(Self.type))
        #expect(try body.read(form.parts[0].range) == content)
        #expect(form.parts.count == 1 && form.parts[0].range == head.count..<head.count + content.count)
        #expect(ftruncate(body.descriptor, 1_000) == 0)
        let error = #expect(throws: MultipartError.self) {
            try MultipartForm(body, contentType: FieldValue(Self.type))
        }
        #expect(error?.status == .serviceUnavailable)
    }

    @Test("Parsing takes linear time, also of contents that almost have a boundary")
    func linear() throws {
        for unit in [
            "\r", "\r\n--", "\r\n--BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB\r",
        ] {
            let boundary = String(repeating: "B", count: 70)
            let type = "multipart/form-data; boundary=\(boundary)"
            let growth = try Growth(from: 100_000) { size in
                Array(
                    ("--\(boundary)\r\nContent-Disposition: form-data; name=a\r\n\r\n"
                        + String(repeating: unit, count: size / unit.utf8.count) + "\r\n--\(boundary)--").utf8
                )
            } work: { body in
                _ = try Self.form(body, type)
            }
            #expect(growth.isLinear, "\(growth)")
        }
    }
}
