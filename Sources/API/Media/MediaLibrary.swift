// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import HTTP
internal import Images
internal import MediaFiles
internal import Stories

/// The media assets: their rows, which are the truth, and their files.
///
/// Files are complete and durable before the row is committed, and removed after the row was; so a crash leaves at most a folder
/// without a row, which ``removeStrays(olderThan:)`` finds.
final class MediaLibrary: Sendable {
    let settings: API.MediaSettings
    let meter: MediaMeter
    private let store: any StoryStore
    private let open: OpenMedia

    init(store: any StoryStore, settings: API.MediaSettings, meter: MediaMeter) {
        (self.store, self.settings, self.meter) = (store, settings, meter)
        open = OpenMedia(limit: API.MediaSettings.openFiles)
    }

    private var storage: any MediaStorage { settings.storage }

    // MARK: Reading

    /// The open file of a variant, if it is at hand. Does not block.
    func fileAtHand(_ id: Identifier, _ name: String) -> OpenMediaFile? {
        open.file(OpenMedia.Key(asset: id, name: name))
    }

    /// Opens a file of an asset, and keeps it open.
    func file(_ id: Identifier, _ name: String) async throws -> OpenMediaFile {
        let key = OpenMedia.Key(asset: id, name: name)
        do {
            let asset = try await store.media(id)
            guard let variant = asset.variants.first(where: { $0.name.hasSameBytes(as: name) }) else {
                throw Problem(.notFound(.media))
            }
            let opened = OpenMediaFile(try await storage.open(name, in: asset.folder), variant)
            open.keep(opened, as: key)
            return opened
        } catch let error as FileError where error.isMissing {
            // Removed since, or lost.
            open.drop(id)
            throw Problem(.notFound(.media))
        } catch StoryError.notFound {
            open.drop(id)
            throw Problem(.notFound(.media))
        }
    }

    // MARK: Adding

    /// Makes the files of an upload under a new folder. If the row is not added, the caller removes them.
    func make(_ upload: MediaUpload, id: Identifier) async throws -> MediaAsset {
        let folder = hexadecimal(randomBytes(16))
        let started = Instant.now
        defer { meter.countProcessing(seconds: Instant.now.seconds(since: started)) }
        return try await storage.write(folder) { [settings, store] path in
            let image = try await settings.images.process(upload.body.descriptor, upload.range, into: path)
            var variants: [MediaVariant] = []
            for file in image.files {
                let (bytes, checksum) = try await FileDigest.facts(ofFile: "\(path)/\(file.name)")
                variants.append(
                    MediaVariant(
                        name: file.name, type: MediaType(file.format), bytes: bytes, checksum: checksum))
            }
            return MediaAsset(
                id: id, type: MediaType(image.format), bytes: variants[0].bytes, width: image.width,
                height: image.height, color: image.color, isAnimated: image.isAnimated, folder: folder,
                variants: variants, createdAt: store.time)
        }
    }

    // MARK: Removing

    /// Removes the files of assets whose rows are gone. A failure is reported; the sweep tries again.
    func removeFiles(of assets: [MediaAsset]) async {
        for asset in assets {
            open.drop(asset.id)
            await removeFolder(asset.folder)
        }
    }

    /// Removes a folder without a row.
    func removeFolder(_ folder: String) async {
        do throws(FileError) {
            try await storage.remove(folder)
        } catch {
            settings.onTrouble("the files of a picture cannot be removed (folder \(folder)): \(error)")
        }
    }

    /// Closes what has been removed by other servers.
    func closeRemoved() { open.dropRemoved() }

    /// Removes assets that nothing uses and that were uploaded before a time; returns them.
    func removeOrphans(olderThan time: Timestamp) async throws(StoryError) -> [MediaAsset] {
        var removed: [MediaAsset] = []
        while true {
            let batch = try await store.removeOrphanedMedia(
                olderThan: time, limit: Self.orphansPerTransaction)
            await removeFiles(of: batch)
            removed += batch
            if batch.count < Self.orphansPerTransaction { return removed }
        }
    }

    /// Bounds how long writers wait for a sweep.
    private static let orphansPerTransaction = 100

    /// Removes folders without a row that were written before a time, and abandoned drafts.
    func removeStrays(olderThan time: Timestamp) async throws {
        try await storage.removeAbandoned()
        let seconds = Int(time.milliseconds / 1_000)
        // Listed before the rows are read: the row of an older folder is committed or never will be.
        let old = try await storage.folders().filter { $0.writtenAt < seconds }
        let known = try await store.mediaFolders()
        await storage.forgetCopies(exceptOf: known)
        for folder in old where !known.contains(folder.name) { await removeFolder(folder.name) }
    }
}

extension MediaType {
    /// The type of a file that was written.
    init(_ format: ImageFormat) {
        switch format {
        case .jpeg: self = .jpeg
        case .png: self = .png
        case .webp: self = .webp
        case .gif: self = .gif
        }
    }
}
