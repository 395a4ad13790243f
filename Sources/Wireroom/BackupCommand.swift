// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import HTTP
internal import MediaFiles
internal import SQLiteEngine
internal import Stories
internal import StoryTables

/// `wireroom backup`: a consistent copy of the database and its pictures, even while a server uses them.
struct BackupCommand: Command {
    static let name = "backup"
    static let summary = "Backs up the database to a file, even while a server is using it."
    static let operands = "FILE"
    static let details = """
        The backup is a consistent snapshot, and is written completely or not at all. Pictures from a folder are in the folder FILE-media:
        linked where it is on the same disk, which takes no room, otherwise copied. Pictures in a bucket stay there: that all of
        them are is checked by its list, and with --with-media they are copied to FILE-media. With --force only those are copied that are not
        there yet. A backup contains drafts, hashes of keys and the audit trail, so only its owner may read it. Check it with "wireroom
        verify", and restore it with "wireroom restore".
        """
    static let options: [Option] = [
        .database, .media, .mediaEndpoint,
        Option(
            name: "with-media", value: nil, variable: nil,
            help: "copy the pictures also from a bucket"),
        Option(name: "force", value: nil, variable: nil, help: "overwrite FILE if it exists"),
    ]

    private let file: String
    private let databasePath: String
    private let media: (any MediaStorage)?
    /// Whether pictures are copied; otherwise they must be in their bucket.
    private let isCopying: Bool
    private let overwriting: Bool

    init(_ arguments: Arguments) throws(CommandError) {
        file = try arguments.onlyOperand("file to write")
        let database = try arguments.database
        databasePath = try database.file(
            orElse: "backup copies an SQLite file; back a PostgreSQL database up with pg_dump or pgBackRest")
        media = try arguments.media(of: database)
        isCopying = media is FolderStorage || arguments.has("with-media")
        overwriting = arguments.has("force")
    }

    func run() async throws(CommandError) {
        guard overwriting || access(file, F_OK) != 0 else {
            throw .failure(
                StoreOpeningError.cannotOpen(
                    path: file, reason: "there is a file of that name; --force replaces it"
                ).description)
        }
        // Complete only with its pictures: until then the database has another name.
        let draft = file + ".incomplete"
        defer { unlink(draft) }
        let (contents, assets) = try await copy(to: draft)
        try File.rename(draft, to: file)
        try await removeOthers()
        say("\(file): \(contents.summary)")
        if assets.isEmpty { return }
        if isCopying {
            say("\(target): the files of \(pictures(assets.count))")
        } else {
            try await checkMedia(assets)
        }
    }

    private var target: FolderStorage { FolderStorage(path: file + "-media") }

    /// Copies the database, then the pictures that it names. One that has been deleted in between is no longer there to be copied;
    /// then the database is copied again, which no longer names it. What has been copied stays, so this comes to an end.
    private func copy(to draft: String) async throws(CommandError) -> (StoreContents, [MediaAsset]) {
        var faults: [MediaFault] = []
        for _ in 0..<Self.attempts {
            let contents = try opening { () throws(StoreOpeningError) in
                try SQLiteEngine.backUp(databasePath, to: draft, overwriting: true)
            }
            let assets = try DatabaseLocation.file(draft).media()
            guard isCopying, !assets.isEmpty else { return (contents, assets) }
            guard let media else { throw .failure("name the folder or bucket of pictures with --media") }
            faults = try await media.copyAll(assets, to: target, comparing: .sizes)
            if faults.isEmpty { return (contents, assets) }
        }
        throw .failure(
            StoreOpeningError.damaged(path: media?.description ?? "", errors: faults.map(\.description))
                .description)
    }

    private static let attempts = 3

    /// Compares the list of a bucket with the pictures of the backup, which is there: it is worth having even if some are lost.
    private func checkMedia(_ assets: [MediaAsset]) async throws(CommandError) {
        guard let media else { return }
        let inventory = try await files(media) { () async throws(FileError) in
            try await MediaInventory(of: assets.map(\.expected), in: media)
        }
        // A server may have deleted some since.
        let present = Set(try DatabaseLocation.file(databasePath).media().map(\.folder))
        let faults = inventory.faults.filter { present.contains($0.folder) }.map(\.description)
        guard faults.isEmpty else {
            throw .failure(
                "\(file) is written, but "
                    + StoreOpeningError.damaged(path: media.description, errors: faults).description)
        }
        say(
            "\(media) has the files of its \(pictures(assets.count)), which are not copied without --with-media"
        )
    }

    /// Removes the pictures of a backup that was replaced.
    private func removeOthers() async throws(CommandError) {
        let named = Set(try DatabaseLocation.file(file).media().map(\.folder))
        try await files(target) { () async throws(FileError) in
            for folder in try await target.folders() where !named.contains(folder.name) {
                try await target.remove(folder.name)
            }
        }
    }
}

extension MediaStorage {
    /// Copies the files of assets to another storage, which is prepared; returns what is wrong with those that could not be copied.
    func copyAll(
        _ assets: [MediaAsset], to target: any MediaStorage, comparing depth: MediaCopy.Depth
    ) async throws(CommandError) -> [MediaFault] {
        let progress = Progress("copied", of: assets.count)
        do throws(FileError) {
            try target.prepare()
            return try await MediaCopy(from: self, to: target, comparing: depth)
                .run(assets.map(\.expected), onFolder: progress.set)
        } catch {
            throw .failure("copying pictures from \(self) to \(target): \(error)")
        }
    }
}

extension StoreContents {
    /// A summary for the operator.
    var summary: String {
        "\(stories) \(stories == 1 ? "story" : "stories"), \(updates) \(updates == 1 ? "update" : "updates"), "
            + "\(drafts) \(drafts == 1 ? "draft" : "drafts"), "
            + (binned == 0 ? "" : "\(binned) in the bin, ") + "\(bytes) bytes"
    }
}

/// Runs an operation that opens a database, and converts its errors to command errors.
func opening<Result>(_ body: () throws(StoreOpeningError) -> Result) throws(CommandError) -> Result {
    do throws(StoreOpeningError) {
        return try body()
    } catch {
        throw .failure(error.description)
    }
}
