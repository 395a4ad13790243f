// SPDX-License-Identifier: Apache-2.0
internal import API
internal import Crypto
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

/// The names of the options and environment variables that say where pictures are.
struct MediaNames {
    /// The option for the place.
    var place = "media"
    /// The option for the storage's origin.
    var endpoint = "media-endpoint"
    /// Before the names of the variables with credentials; those without it apply where it is not set.
    var variablePrefix: String?
}

extension Arguments {
    /// Where a command finds pictures, or puts them; `nil` if they are nowhere. Copies of what is in a bucket are removed with the storage.
    func media(
        of database: DatabaseLocation, _ names: MediaNames = MediaNames()
    ) throws(CommandError) -> (any MediaStorage)? {
        try media(at: value(names.place), of: database, names)
    }

    /// As ``media(of:_:)``, at a place that is known.
    func media(
        at place: String?, of database: DatabaseLocation, _ names: MediaNames = MediaNames()
    ) throws(CommandError) -> (any MediaStorage)? {
        guard let place else { return database.defaultMedia }
        guard let address = try bucket(place, names) else { return FolderStorage(path: place) }
        let folder = temporaryFolder(beside: database)
        var settings = try bucketSettings(address, cacheFolder: folder, names)
        (settings.isTemporary, settings.cacheBytes, settings.attempts) = (true, 0, 6)
        let storage = BucketStorage(settings, userAgent: "Wireroom/\(Wireroom.version)")
        try files(folder) { () throws(FileError) in try storage.prepare() }
        return storage
    }

    /// A new name in the folder of the database, which has room for pictures, or in that for temporary files.
    private func temporaryFolder(beside database: DatabaseLocation) -> String {
        let suffix = "-media-copies-" + hexadecimal(randomBytes(8))
        if let folder = secret("TMPDIR") { return "\(folder)/wireroom\(suffix)" }
        guard case .file(let path) = database else { return "/var/tmp/wireroom\(suffix)" }
        return path + suffix
    }

    /// The bucket that a place names; `nil` if it is a folder.
    private func bucket(_ place: String, _ names: MediaNames) throws(CommandError) -> BucketAddress? {
        guard BucketAddress.isMeant(by: place) else { return nil }
        guard let address = BucketAddress(place) else {
            throw .usage(
                "wireroom: --\(names.place) must be s3://BUCKET or s3://BUCKET/PREFIX in letters, digits, periods, hyphens and underscores, "
                    + "not \"\(place)\"")
        }
        return address
    }

    /// How a bucket is reached.
    private func bucketSettings(
        _ address: BucketAddress, cacheFolder: String, _ names: MediaNames = MediaNames()
    ) throws(CommandError) -> BucketSettings {
        let endpoint = value(names.endpoint)
        if let endpoint, WebOrigin(endpoint).map({ !$0.text.utf8.starts(with: "http".utf8) }) ?? true {
            throw .usage(
                "wireroom: --\(names.endpoint) must be an origin such as https://minio.example:9000, not \"\(endpoint)\""
            )
        }
        return BucketSettings(
            address: address, access: try bucketAccess(address, names.variablePrefix), endpoint: endpoint,
            cacheFolder: cacheFolder)
    }

    private func bucketAccess(
        _ address: BucketAddress, _ prefix: String?
    ) throws(CommandError) -> BucketAccess {
        // A token belongs to its key.
        let ownKey = prefix.flatMap { secret($0 + "AWS_ACCESS_KEY_ID") }
        func setting(_ name: String) -> String? { prefix.flatMap { secret($0 + name) } ?? secret(name) }
        guard let key = setting("AWS_ACCESS_KEY_ID"), let secret = setting("AWS_SECRET_ACCESS_KEY") else {
            throw .usage(
                "wireroom: \(address) needs the environment variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            )
        }
        let token =
            ownKey == nil
            ? self.secret("AWS_SESSION_TOKEN") : prefix.flatMap { self.secret($0 + "AWS_SESSION_TOKEN") }
        let region = setting("AWS_REGION") ?? setting("AWS_DEFAULT_REGION") ?? "us-east-1"
        return BucketAccess(key: key, secret: secret, token: token, region: region)
    }

    /// Where the server keeps pictures, and the local folder through which they come; `nil` if it keeps none.
    private func serverStorage(
        of database: DatabaseLocation
    ) throws(CommandError) -> (storage: any MediaStorage, localFolder: String)? {
        try requireOption("media", for: "media-endpoint", "media-cache")
        guard let place = value("media"), let address = try bucket(place, MediaNames()) else {
            return (value("media").map { FolderStorage(path: $0) } ?? database.defaultMedia)
                .map { ($0, $0.path) }
        }
        guard let cache = value("media-cache") ?? database.defaultMedia.map({ $0.path + "-cache" }) else {
            throw .usage(
                "wireroom: with PostgreSQL, \(address) needs --media-cache, a folder on this node's disk")
        }
        let settings = try bucketSettings(address, cacheFolder: cache)
        return (BucketStorage(settings, userAgent: "Wireroom/\(Wireroom.version)"), cache)
    }

    /// How the server draws social images; `nil` where that is switched off.
    func socialSettings(log: Log) throws(CommandError) -> API.SocialSettings? {
        enum Switch: String, CaseIterable { case on, off }
        let value: Switch = try choice("social-images") ?? .on
        guard value == .on else { return nil }
        let drawer = ImageProcessor(
            executable: "/proc/self/exe", concurrency: 1, waiting: 16, limits: .drawing)
        var settings = API.SocialSettings(drawer: drawer)
        settings.onTrouble = { log.throttled(.warning, kind: "social", $0) }
        return settings
    }

    /// How the server keeps pictures; `nil` without a place for them.
    func mediaSettings(
        of database: DatabaseLocation, workers: Int, log: Log
    ) throws(CommandError) -> API.MediaSettings? {
        let bytes = try integer("max-media-bytes", in: 1_024...(1 << 30))
        let concurrency = try integer("image-workers", in: 1...256) ?? workers
        guard let (storage, localFolder) = try serverStorage(of: database) else { return nil }
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

/// Runs an operation on a storage of pictures, and converts its errors to command errors.
func files<Result>(
    _ storage: any MediaStorage, _ body: () async throws(FileError) -> Result
) async throws(CommandError) -> Result {
    do throws(FileError) {
        return try await body()
    } catch {
        throw .failure("the pictures in \(storage): \(error)")
    }
}

/// A number of pictures in words.
func pictures(_ count: Int) -> String { count == 1 ? "1 picture" : "\(count) pictures" }

/// Runs an operation on files, and converts its errors to command errors.
func files<Result>(_ place: String, _ body: () throws(FileError) -> Result) throws(CommandError) -> Result {
    do throws(FileError) {
        return try body()
    } catch {
        throw .failure("\(place): \(error)")
    }
}
