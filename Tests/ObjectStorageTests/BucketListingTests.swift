// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ObjectStorage

@Suite("Lists of objects")
struct BucketListingTests {
    private static let page = """
        <?xml version="1.0" encoding="UTF-8"?>
        <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>news</Name><Prefix>m/</Prefix>
        <IsTruncated>true</IsTruncated><NextContinuationToken>1/a+b=&amp;&quot;c</NextContinuationToken>
        <Contents><Key>m/ab/original</Key><LastModified>2026-11-30T11:03:39.000Z</LastModified><Size>5</Size></Contents>
        <Contents><Key>m/ab/640.webp</Key><LastModified>1970-01-02T00:00:00Z</LastModified><Size>7</Size></Contents>
        </ListBucketResult>
        """

    @Test("Keys, times and the token of the next page are read")
    func read() throws {
        let listing = try #require(BucketListing(Array(Self.page.utf8)))
        #expect(
            listing.objects == [
                .init(key: "m/ab/original", size: 5, modifiedAt: 1_796_036_619),
                .init(key: "m/ab/640.webp", size: 7, modifiedAt: 86_400),
            ])
        #expect(listing.continuation == "1/a+b=&\"c")
    }

    @Test("The last page has no token, and may be empty")
    func last() throws {
        let text =
            "<ListBucketResult><IsTruncated>false</IsTruncated><KeyCount>0</KeyCount></ListBucketResult>"
        let listing = try #require(BucketListing(Array(text.utf8)))
        #expect(listing.objects.isEmpty && listing.continuation == nil)
    }

    @Test("What is not a list is refused, and so is one that is cut off")
    func refused() {
        let texts = ["", "<html></html>", "{}", Self.page.replacing("NextContinuationToken", with: "Token")]
        for text in texts { #expect(BucketListing(Array(text.utf8)) == nil, "\(text)") }
        let bytes = Array(Self.page.utf8)
        for length in 0..<bytes.count {
            // A shorter text is nothing, or has some of the objects: it never ends the program.
            let listing = BucketListing(Array(bytes[..<length]))
            #expect((listing?.objects.count ?? 0) <= 2)
        }
    }
}
