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
        Stop the server first. The backup is verified, with its pictures in FILE-media, and migrated to the current schema before it is put in
        place. It begins a new epoch: clients that polled the former database get a 410 once, and fetch a fresh snapshot. The former
        database is kept beside the new one, with its pictures.
        """
    static let options: [Option] = [.database, .media]

    private let file: String
    private let databasePath: String
    private let media: FolderStorage?

    init(_ arguments: Arguments) throws(CommandError) {
        file = try arguments.onlyOperand("backup to restore")
        let database = try arguments.database
        databasePath = try database.file(
            orElse:
                "restore replaces an SQLite file; restore a PostgreSQL database with pg_restore or pgBackRest"
        )
        media = arguments.media(of: database)
    }

    func run() async throws(CommandError) {
        // Before the database, so that it never names a picture that is not there. Folders have names of their own, so those of the
        // former database stay what they are.
        let pictures = try restoreMedia()
        let (contents, kept) = try opening { () throws(StoreOpeningError) in
            try SQLiteEngine.restore(file, to: databasePath, at: .now)
        }
        say("\(databasePath): \(contents.summary)")
        if let media, pictures > 0 {
            say("\(media.path): the files of \(pictures == 1 ? "1 picture" : "\(pictures) pictures")")
        }
        guard let kept else { return }
        say("The former database is \(kept)")
        try keepMedia(of: kept)
    }

    private func restoreMedia() throws(CommandError) -> Int {
        let backup = DatabaseLocation.file(file)
        let assets = try backup.media()
        guard !assets.isEmpty else { return 0 }
        guard let media, let source = backup.defaultMedia else {
            say("The pictures of \(file) are not restored: they must be in their bucket already")
            return 0
        }
        let check = try MediaFilesCheck(of: backup, in: source)
        guard check.faults.isEmpty else {
            throw .failure(StoreOpeningError.damaged(path: file, errors: check.faults).description)
        }
        try files(media.path) { () throws(FileError) in try media.prepareForOwner() }
        for asset in assets {
            try files(media.place(of: asset.folder)) { () throws(FileError) in
                // What is there may be damaged.
                if media.has(asset.folder), !media.faults(of: asset.folder, asset.expectedFiles).isEmpty {
                    try media.removeNow(asset.folder)
                }
                try source.copy(asset.folder, to: media)
            }
        }
        return assets.count
    }

    /// Links the pictures of the former database beside it: the server removes those that the new one does not have.
    private func keepMedia(of kept: String) throws(CommandError) {
        let former = DatabaseLocation.file(kept)
        guard let media, let target = former.defaultMedia else { return }
        let folders = try former.media().map(\.folder).filter(media.has)
        guard !folders.isEmpty else { return }
        try files(target.path) { () throws(FileError) in
            try target.prepareForOwner()
            for folder in folders { try media.copy(folder, to: target) }
        }
        say("Its pictures are in \(target.path)")
    }
}
