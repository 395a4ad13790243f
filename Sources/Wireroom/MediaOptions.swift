// SPDX-License-Identifier: Apache-2.0
internal import API
internal import HTTP
internal import Images
internal import MediaFiles

extension Option {
    static let media = Option(
        name: "media", value: "DIR", variable: "WIREROOM_MEDIA",
        defaultValue: "the name of the SQLite file with -media at its end",
        help: "the folder of uploaded pictures; with PostgreSQL there is none unless it is named")
}

extension DatabaseLocation {
    /// The folder of pictures that belongs to a file; `nil` for a server.
    var defaultMedia: FolderStorage? {
        guard case .file(let path) = self else { return nil }
        return FolderStorage(path: path + "-media")
    }
}

extension Arguments {
    /// The folder of pictures of `--media`, or the one beside the database.
    func media(of database: DatabaseLocation) -> FolderStorage? {
        value("media").map { FolderStorage(path: $0) } ?? database.defaultMedia
    }

    /// How the server keeps pictures; `nil` without a folder for them.
    func mediaSettings(
        of database: DatabaseLocation, workers: Int, log: Log
    ) throws(CommandError) -> API.MediaSettings? {
        let bytes = try integer("max-media-bytes", in: 1_024...(1 << 30))
        let concurrency = try integer("image-workers", in: 1...256) ?? workers
        guard let storage = media(of: database) else { return nil }
        var limits = ImageLimits()
        if let bytes { limits.bytes = bytes }
        let images = ImageProcessor(
            executable: "/proc/self/exe", concurrency: concurrency, waiting: HTTP.Limits().spooledBodies,
            limits: limits)
        var settings = API.MediaSettings(storage: storage, spoolFolder: storage.path, images: images)
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
