// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import Stories

/// Signs requests to S3's API (AWS Signature Version 4, by header).
///
/// libcurl can sign, too, but that of Debian 12 (7.88) signs fields that it then does not send.
struct RequestSigner: Sendable {
    let access: BucketAccess

    private static let algorithm = "AWS4-HMAC-SHA256"

    /// The fields that a request needs besides `Host`, whose value is `host`. `path` and `query` are percent-encoded as they are sent, the
    /// parameters of `query` in the order of their names; `checksum` is the SHA-256 of the body, in hexadecimal digits.
    func fields(
        _ method: String, host: String, path: String, query: String, checksum: String, at time: Timestamp
    ) -> [(name: String, value: String)] {
        let date = Self.basic(time)
        var fields = [("host", host), ("x-amz-content-sha256", checksum), ("x-amz-date", date)]
        if let token = access.token { fields.append(("x-amz-security-token", token)) }
        let names = fields.map(\.0).joined(separator: ";")
        let lines = fields.map { "\($0.0):\($0.1)\n" }.joined()
        let canonical = [method, path, query, lines, names, checksum].joined(separator: "\n")
        let day = String(decoding: date.utf8.prefix(8), as: UTF8.self)
        let scope = "\(day)/\(access.region)/s3/aws4_request"
        let text = [Self.algorithm, date, scope, hexadecimal(sha256(canonical.utf8))].joined(separator: "\n")
        let signature = hexadecimal(hmac(text, key: key(of: day)))
        let credential = "\(access.key)/\(scope)"
        let value = "\(Self.algorithm) Credential=\(credential),SignedHeaders=\(names),Signature=\(signature)"
        return fields.dropFirst().map { (name: $0.0, value: $0.1) } + [(name: "authorization", value: value)]
    }

    /// The key for the requests of a day.
    private func key(of day: String) -> [UInt8] {
        [day, access.region, "s3", "aws4_request"].reduce(Array("AWS4\(access.secret)".utf8)) {
            hmac($1, key: $0)
        }
    }

    /// ISO 8601 in its basic form, in whole seconds: `20261130T110339Z`.
    private static func basic(_ time: Timestamp) -> String {
        let digits = time.description.utf8.prefix(19).filter {
            $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":")
        }
        return String(decoding: digits, as: UTF8.self) + "Z"
    }
}
