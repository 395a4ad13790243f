// SPDX-License-Identifier: Apache-2.0
/// How a bucket is reached, and how much of it is kept on the local disk.
public struct BucketSettings: Sendable {
    /// The bucket.
    public var address: BucketAddress
    /// Key, region and service by which requests are signed.
    public var access: BucketAccess
    /// The origin of the storage's API, such as `https://minio.example:9000`, whose paths begin with the bucket; `nil` for Amazon S3.
    public var endpoint: String?
    /// A folder on a local disk for files that are being uploaded and for copies of objects. What is in it is removed at the start.
    public var cacheFolder: String
    /// Bytes of copies, at most; what was least recently used goes first.
    public var cacheBytes = 1 << 30
    /// Whether the folder is removed with the storage: that of a command, which needs copies for a moment only. After the last hyphen of
    /// its name it is random; those that killed processes left beside it are removed, too.
    public var isTemporary = false
    /// How often a request is sent, at most, while the storage is out of reach or at fault.
    public var attempts = 3

    /// Settings with the default size of the cache, 1 GiB.
    public init(address: BucketAddress, access: BucketAccess, endpoint: String?, cacheFolder: String) {
        (self.address, self.access) = (address, access)
        (self.endpoint, self.cacheFolder) = (endpoint, cacheFolder)
    }

    /// Where requests go. Amazon's certificate is for names with one label before those of its own, so a bucket with a period is named in
    /// the path.
    var place: BucketPlace {
        let amazon = "s3.\(access.region).amazonaws.com"
        if endpoint == nil, !address.bucket.utf8.contains(UInt8(ascii: ".")) {
            return BucketPlace(origin: "https://\(address.bucket).\(amazon)", path: "/")
        }
        return BucketPlace(origin: endpoint ?? "https://\(amazon)", path: "/\(address.bucket)/")
    }
}

/// The origin of a bucket's URLs, and how their paths begin.
struct BucketPlace: Sendable {
    let origin: String
    let path: String

    /// The value of `Host`: the origin without its scheme.
    var host: String {
        origin.utf8.firstRange(of: Array("://".utf8)).map { String(origin[$0.upperBound...]) } ?? origin
    }
}

/// Credentials of an object storage.
public struct BucketAccess: Sendable {
    /// The id of the access key.
    public var key: String
    /// Its secret.
    public var secret: String
    /// The session's token, of temporary credentials.
    public var token: String?
    /// The region, such as `eu-central-1`.
    public var region: String

    /// Memberwise.
    public init(key: String, secret: String, token: String?, region: String) {
        (self.key, self.secret, self.token, self.region) = (key, secret, token, region)
    }
}
