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

    /// Settings with the default size of the cache, 1 GiB.
    public init(address: BucketAddress, access: BucketAccess, endpoint: String?, cacheFolder: String) {
        (self.address, self.access) = (address, access)
        (self.endpoint, self.cacheFolder) = (endpoint, cacheFolder)
    }

    /// The URL of the bucket, with a slash at its end.
    var url: String {
        if let endpoint {
            let trimmed =
                endpoint.utf8.last == UInt8(ascii: "/") ? String(endpoint.utf8.dropLast()) ?? "" : endpoint
            return "\(trimmed)/\(address.bucket)/"
        }
        return "https://\(address.bucket).s3.\(access.region).amazonaws.com/"
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
