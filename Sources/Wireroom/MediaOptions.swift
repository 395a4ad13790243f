// SPDX-License-Identifier: Apache-2.0
internal import API
internal import HTTP
internal import Images
internal import MediaFiles
internal import ObjectStorage

extension Option {
    static let media = Option(
        name: "media", value: "PLACE", variable: "WIREROOM_MEDIA",
        defaultValue: "the name of the SQLite file with -media at its end",
        help:
            "where uploaded pictures are: a folder, or s3://BUCKET/PREFIX; with PostgreSQL nowhere unless it is named"
    )
    static let mediaEndpoint = Option(
        name: "media-endpoint", value: "URL", variable: "WIREROOM_MEDIA_ENDPOINT",
        defaultValue: "Amazon S3 in AWS_REGION",
        help: "the origin of another object storage that speaks S3's API")
    static let mediaCache = Option(
        name: "media-cache", value: "DIR", variable: "WIREROOM_MEDIA_CACHE",
        defaultValue: "the name of the SQLite file with -media-cache at its end",
        help: "a folder on the local disk for copies of what is in the bucket; emptied at the start")
}

extension DatabaseLocation {
    /// The folder of pictures that belongs to a file; `nil` for a server.
    var defaultMedia: FolderStorage? {
        guard case .file(let path) = self else { return nil }
        return FolderStorage(path: path + "-media")
    }
}

extension Arguments {
    /// The folder of pictures of `--media`, or the one beside the database; `nil` if they are in a bucket, or nowhere.
    func media(of database: DatabaseLocation) -> FolderStorage? {
        guard let place = value("media") else { return database.defaultMedia }
        return BucketAddress.isMeant(by: place) ? nil : FolderStorage(path: place)
    }

    /// The bucket of pictures of `--media`; `nil` if they are in a folder, or nowhere.
    var bucket: BucketAddress? {
        get throws(CommandError) {
            guard let place = value("media"), BucketAddress.isMeant(by: place) else { return nil }
            guard let address = BucketAddress(place) else {
                throw .usage(
                    "wireroom: --media must be s3://BUCKET or s3://BUCKET/PREFIX in letters, digits, periods, hyphens and underscores, "
                        + "not \"\(place)\"")
            }
            return address
        }
    }

    /// The bucket, and how it is reached; `nil` without one.
    private func bucketSettings(of database: DatabaseLocation) throws(CommandError) -> BucketSettings? {
        try requireOption("media", for: "media-endpoint", "media-cache")
        guard let address = try bucket else { return nil }
        guard let cache = value("media-cache") ?? database.defaultMedia.map({ $0.path + "-cache" }) else {
            throw .usage(
                "wireroom: with PostgreSQL, \(address) needs --media-cache, a folder on this node's disk")
        }
        guard let key = secret("AWS_ACCESS_KEY_ID"), let secret = secret("AWS_SECRET_ACCESS_KEY") else {
            throw .usage(
                "wireroom: \(address) needs the environment variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            )
        }
        let endpoint = value("media-endpoint")
        if let endpoint, WebOrigin(endpoint).map({ !$0.text.utf8.starts(with: "http".utf8) }) ?? true {
            throw .usage(
                "wireroom: --media-endpoint must be an origin such as https://minio.example:9000, not \"\(endpoint)\""
            )
        }
        let region = self.secret("AWS_REGION") ?? self.secret("AWS_DEFAULT_REGION") ?? "us-east-1"
        let access = BucketAccess(
            key: key, secret: secret, token: self.secret("AWS_SESSION_TOKEN"), region: region)
        return BucketSettings(address: address, access: access, endpoint: endpoint, cacheFolder: cache)
    }

    /// Where the server keeps pictures, and the local folder through which they come; `nil` if it keeps none.
    private func storage(
        of database: DatabaseLocation
    ) throws(CommandError) -> (storage: any MediaStorage, localFolder: String)? {
        if let settings = try bucketSettings(of: database) {
            return (BucketStorage(settings, userAgent: "Wireroom/\(Wireroom.version)"), settings.cacheFolder)
        }
        return media(of: database).map { ($0, $0.path) }
    }

    /// How the server keeps pictures; `nil` without a place for them.
    func mediaSettings(
        of database: DatabaseLocation, workers: Int, log: Log
    ) throws(CommandError) -> API.MediaSettings? {
        let bytes = try integer("max-media-bytes", in: 1_024...(1 << 30))
        let concurrency = try integer("image-workers", in: 1...256) ?? workers
        guard let (storage, localFolder) = try storage(of: database) else { return nil }
        var limits = ImageLimits()
        if let bytes { limits.bytes = bytes }
        let images = ImageProcessor(
            executable: "/proc/self/exe", concurrency: concurrency, waiting: HTTP.Limits().spooledBodies,
            limits: limits)
        var settings = API.MediaSettings(storage: storage, spoolFolder: localFolder, images: images)
        settings.maximumBytes = bytes ?? settings.maximumBytes
        settings.onTrouble = { log.throttled(.error, kind: "media", $0) }
        return settings
    }
}

/// Runs an operation on files, and converts its errors to command errors.
func files<Result>(_ place: String, _ body: () throws(FileError) -> Result) throws(CommandError) -> Result {
    do throws(FileError) {
        return try body()
    } catch {
        throw .failure("\(place): \(error)")
    }
}
