// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import HTTP
internal import MediaFiles
internal import Stories
internal import Synchronization

/// The media assets: their rows, which are the truth, and their files.
///
/// Files are complete and durable before the row is committed, and removed after the row was; so a crash leaves at most a folder
/// without a row, which ``removeStrays(olderThan:)`` finds.
final class MediaLibrary: Sendable {
    let settings: API.MediaSettings
    let meter: MediaMeter
    private let store: any StoryStore
    private let open: OpenMedia
    /// Folders without a row that could not be removed.
    private let unremoved = Mutex<Set<String>>([])  // ascii: made by the server
    /// Since when folders have been seen without a row.
    private let strays = Mutex<[String: Timestamp]>([:])  // ascii: made by the server

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
            let file = try await storage.open(name, in: asset.folder)
            guard file.size == variant.bytes else {
                throw FileError(
                    call: "open", code: EIO,
                    detail: "\(name) has \(file.size) bytes instead of \(variant.bytes)")
            }
            let opened = OpenMediaFile(file, variant)
            open.keep(opened, as: key)
            // A removal while the file was being opened has closed what was open before, and purged caches: nothing may reach them now.
            guard try await store.media(id).folder.hasSameBytes(as: asset.folder) else {
                throw StoryError.notFound(.media)
            }
            return opened
        } catch let error as FileError where error.isMissing {
            // Removed since, or lost.
            open.drop(id)
            throw Problem(.notFound(.media))
        } catch let error as FileError {
            settings.onTrouble("the files of a picture cannot be read: \(error)")
            throw Problem(media: "the picture cannot be read at present")
        } catch StoryError.notFound {
            open.drop(id)
            throw Problem(.notFound(.media))
        }
    }

    // MARK: Adding

    /// Makes the files of an upload under a new folder. If the row is not added, the caller removes them.
    func make(_ upload: MediaUpload, id: Identifier) async throws -> MediaAsset {
        let started = Instant.now
        defer { meter.countProcessing(seconds: Instant.now.seconds(since: started)) }
        return try await settings.make(at: store.time) { [images = settings.images] path in
            (id, try await images.process(upload.body.descriptor, upload.range, into: path))
        }
    }

    /// The folder of an asset that is stored, and whether files of it are gone; `nil` if none is stored. A storage that cannot be asked at
    /// present has lost nothing.
    func known(_ id: Identifier) async throws(StoryError) -> (folder: String, isLost: Bool)? {
        let asset: MediaAsset
        do throws(StoryError) { asset = try await store.media(id) } catch .notFound { return nil }
        let files = asset.variants.map { ($0.name, $0.bytes) }
        do throws(FileError) {
            let isWhole = try await storage.isWhole(
                asset.folder, Dictionary(files, uniquingKeysWith: { first, _ in first }))
            return (asset.folder, !isWhole)
        } catch {
            settings.onTrouble("the files of a picture cannot be looked at: \(error)")
            return (asset.folder, false)
        }
    }

    // MARK: Removing

    /// Removes what is left of files that were lost, and have been written again in another folder.
    func forgetFiles(of id: Identifier, in folder: String) async {
        open.drop(id)
        await removeFolders([folder])
    }

    /// Removes the files of assets whose rows are gone; returns whether all are removed. A failure is reported, and tried again each minute.
    @discardableResult
    func removeFiles(of assets: [MediaAsset]) async -> Bool {
        for asset in assets { open.drop(asset.id) }
        return await removeFolders(assets.map(\.folder))
    }

    /// Removes folders without a row; returns whether all are removed.
    @discardableResult
    func removeFolders(_ folders: [String]) async -> Bool {  // ascii: made by the server
        var isDone = true
        for folder in folders {
            do throws(FileError) {
                try await storage.remove(folder)
                unremoved.withLock { _ = $0.remove(folder) }
            } catch {
                isDone = false
                unremoved.withLock { _ = $0.insert(folder) }
                settings.onTrouble("the files of a picture cannot be removed (folder \(folder)): \(error)")
            }
        }
        return isDone
    }

    /// Tries again what could not be removed.
    func retryRemovals() async { await removeFolders(unremoved.withLock { Array($0) }) }

    /// Closes what has been removed by other servers.
    func closeRemoved() { open.dropRemoved() }

    /// Removes assets that nothing uses and that were uploaded before a time, with their files, and has caches purge their paths.
    func removeOrphans(olderThan time: Timestamp, purge: API.Purge?) async throws(StoryError) {
        while true {
            let batch = try await store.removeOrphanedMedia(
                olderThan: time, limit: Self.orphansPerTransaction)
            await removeFiles(of: batch)
            if !batch.isEmpty { _ = await purge?(batch.flatMap(\.paths), nil) }
            if batch.count < Self.orphansPerTransaction { return }
        }
    }

    /// Bounds how long writers wait for a sweep.
    private static let orphansPerTransaction = 100

    /// Removes folders that were written before a time and have had no row since, for as long as this server has looked, and abandoned
    /// drafts. Only what has a name as this program gives it, and not at the first look: the database may be the wrong one.
    func removeStrays(olderThan time: Timestamp) async throws {
        try await storage.removeAbandoned()
        let seconds = Int(time.milliseconds / 1_000)
        // Listed before the rows are read: the row of an older folder is committed or never will be.
        let old = try await storage.folders().filter { $0.writtenAt < seconds }
        let known = try await store.mediaFolders()
        await storage.forgetCopies(exceptOf: known)
        let now = store.time
        let found = old.map(\.name).filter { Self.isOurs($0) && !known.contains($0) }
        let due = strays.withLock { strays in
            strays = Dictionary(uniqueKeysWithValues: found.map { ($0, strays[$0] ?? now) })
            return strays.filter { $0.value < time }.map(\.key)
        }
        await removeFolders(due)
    }

    /// Whether a name is one of those that the server gives.
    private static func isOurs(_ name: String) -> Bool {
        name.utf8.count == 2 * API.MediaSettings.folderBytes
            && name.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    }
}
