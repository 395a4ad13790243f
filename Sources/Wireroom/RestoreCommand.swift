// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import MediaFiles
internal import SQLiteEngine
internal import Stories
internal import StoryTables

/// `wireroom restore`: replaces the database with a backup.
struct RestoreCommand: Command {
    static let name = "restore"
    static let summary = "Replaces the database with a backup."
    static let operands = "FILE"
    static let details = """
        Stop the server first. The backup is verified and migrated to the current schema before it is put in place, and its pictures in
        FILE-media are copied to where --media says, each compared with its SHA-256; those that are there already stay. It begins a new
        epoch: clients that polled the former database get a 410 once, and fetch a fresh snapshot. The former database is kept beside the
        new one, with its pictures.
        """
    static let options: [Option] = [.database, .media, .mediaEndpoint]

    private let file: String
    private let databasePath: String
    private let media: any MediaStorage

    init(_ arguments: Arguments) throws(CommandError) {
        file = try arguments.onlyOperand("backup to restore")
        let database = try arguments.database
        databasePath = try database.file(
            orElse:
                "restore replaces an SQLite file; restore a PostgreSQL database with pg_restore or pgBackRest"
        )
        media = try arguments.media(of: database) ?? FolderStorage(path: databasePath + "-media")
    }

    func run() async throws(CommandError) {
        // Before the database, so that it never names a picture that is not there. Folders have names of their own, so those of the
        // former database stay what they are.
        let assets = try DatabaseLocation.file(file).media()
        let missing = try await restoreMedia(assets)
        let (contents, kept) = try opening { () throws(StoreOpeningError) in
            try SQLiteEngine.restore(file, to: databasePath, at: .now)
        }
        say("\(databasePath): \(contents.summary)")
        if !assets.isEmpty { say("\(media): the files of \(pictures(assets.count - missing))") }
        if missing > 0 {
            say(
                "\(pictures(missing)) of the backup \(missing == 1 ? "is" : "are") in neither place: see \"wireroom verify\""
            )
        }
        guard let kept else { return }
        say("The former database is \(kept)")
        try await keepMedia(of: kept, without: Set(assets.map(\.folder)))
    }

    /// Copies the pictures; returns how many are neither in the backup nor where they belong.
    private func restoreMedia(_ assets: [MediaAsset]) async throws(CommandError) -> Int {
        guard !assets.isEmpty else { return 0 }
        let source = FolderStorage(path: file + "-media")
        let faults = try await source.copyAll(assets, to: media, comparing: .bytes)
        let faulty = Set(faults.map(\.folder))
        // A backup without pictures names also those that were removed from the bucket since.
        let isLost = try await files(source) { () async throws(FileError) in
            let there = Set(try await source.folders().map(\.name))
            return !(media is FolderStorage) && there.isDisjoint(with: faulty)
        }
        guard faults.isEmpty || isLost else {
            throw .failure(
                StoreOpeningError.damaged(path: source.path, errors: faults.map(\.description)).description)
        }
        return faulty.count
    }

    /// Puts the pictures of the former database beside it, because the server removes those that the new one does not have; only these from
    /// a bucket, of which there are no links.
    private func keepMedia(of kept: String, without restored: Set<String>) async throws(CommandError) {
        let assets = try DatabaseLocation.file(kept).media()
            .filter { media is FolderStorage || !restored.contains($0.folder) }
        guard !assets.isEmpty else { return }
        let target = FolderStorage(path: kept + "-media")
        let faults = try await media.copyAll(assets, to: target, comparing: .sizes)
        if faults.isEmpty { return say("Its pictures are in \(target)") }
        say("Its pictures are in \(target), without these:")
        for fault in faults { say("  \(fault)") }
    }
}
