// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// A page of `ListObjectsV2`.
struct BucketListing {
    /// The objects.
    private(set) var objects: [Object] = []
    /// By what the next page is asked for; `nil` on the last one.
    private(set) var continuation: String?

    struct Object: Hashable {
        let key: String
        /// Bytes.
        let size: Int
        /// Seconds since 1970.
        let modifiedAt: Int
    }

    /// Reads a page; `nil` if it is not one.
    init?(_ xml: [UInt8]) {
        guard XMLText.element("ListBucketResult", in: xml[...], isOpen: true) != nil else { return nil }
        var rest = xml[...]
        while let contents = XMLText.element("Contents", in: rest) {
            guard let key = XMLText.text(of: "Key", in: contents),
                let size = XMLText.text(of: "Size", in: contents).flatMap({ Int($0) }),
                let time = XMLText.text(of: "LastModified", in: contents).flatMap(Timestamp.init)
            else { return nil }
            objects.append(Object(key: key, size: size, modifiedAt: Int(time.milliseconds / 1_000)))
            rest = rest[contents.endIndex...]
        }
        let isTruncated = XMLText.element("IsTruncated", in: xml[...])?.elementsEqual("true".utf8) == true
        continuation = isTruncated ? XMLText.text(of: "NextContinuationToken", in: xml[...]) : nil
        if isTruncated, continuation == nil { return nil }
    }
}
