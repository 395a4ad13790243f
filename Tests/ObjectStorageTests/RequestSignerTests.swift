// SPDX-License-Identifier: Apache-2.0
import Stories
import Testing

@testable import ObjectStorage

@Suite("Signatures of requests")
struct RequestSignerTests {
    private static let checksum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private func authorization(token: String?, query: String) throws -> String {
        let signer = RequestSigner(
            access: BucketAccess(
                key: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", token: token,
                region: "us-east-1"))
        let fields = signer.fields(
            "GET", host: "examplebucket.s3.amazonaws.com", path: "/", query: query, checksum: Self.checksum,
            at: try #require(Timestamp("2013-05-24T00:00:00Z")))
        return try #require(fields.first { $0.name == "authorization" }).value
    }

    @Test(
        "They are those of Amazon's examples",
        arguments: [
            ("lifecycle=", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
            ("max-keys=2&prefix=J", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
        ])
    func examples(query: String, signature: String) throws {
        #expect(
            try authorization(token: nil, query: query)
                == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=\(signature)")
    }

    @Test("A session's token is signed, too")
    func token() throws {
        let value = try authorization(token: "session", query: "")
        #expect(value.contains("SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,"))
    }
}
