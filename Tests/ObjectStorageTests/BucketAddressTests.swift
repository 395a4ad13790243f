// SPDX-License-Identifier: Apache-2.0
import ObjectStorage
import Testing

@Suite("Addresses of buckets")
struct BucketAddressTests {
    @Test(
        "An address is a bucket and a prefix",
        arguments: [
            ("s3://news", "news", ""), ("s3://news/", "news", ""),
            ("s3://news.example-1/media", "news.example-1", "media/"),
            ("s3://news/a/B_2.c/", "news", "a/B_2.c/"),
        ])
    func parts(text: String, bucket: String, prefix: String) throws {
        let address = try #require(BucketAddress(text))
        #expect(address.bucket == bucket && address.prefix == prefix)
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", "news", "/news", "s3:", "s3://", "s3:///a", "s3://ab", "s3://News", "s3://news//a",
            "s3://news/a b",
            "s3://news/ä", "s3://news/a?b", "s3://news/a%20b", "s3://news/../x", "s3://news/.",
            "s3://news/a/.b", "http://news/a",
            "s3://ne_ws",
            "s3://" + String(repeating: "a", count: 64), "s3://news/" + String(repeating: "a", count: 512),
        ])
    func refused(text: String) { #expect(BucketAddress(text) == nil) }
}
