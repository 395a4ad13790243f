// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import HTTP
internal import MediaFiles
internal import ObjectStorage
internal import SQLiteEngine
internal import Stories
internal import StoryTables

/// `wireroom backup`: a consistent copy of the database and its pictures, even while a server uses them.
struct BackupCommand: Command {
    static let name = "backup"
    static let summary = "Backs up the database to a file, even while a server is using it."
    static let operands = "FILE"
    static let details = """
        The backup is a consistent snapshot, and is written completely or not at all. Pictures are in the folder FILE-media: linked
        where it is on the same disk, which takes no room, otherwise copied. With --force only those are copied that are not there yet. It
        contains drafts, hashes of keys and the audit trail, so only its owner may read it. Check it with "wireroom verify", and restore
        it with "wireroom restore".
        """
    static let options: [Option] = [
        .database, .media,
        Option(name: "force", value: nil, variable: nil, help: "overwrite FILE if it exists"),
    ]

    private let file: String
    private let databasePath: String
    private let media: FolderStorage?
    private let bucket: BucketAddress?
    private let overwriting: Bool

    init(_ arguments: Arguments) throws(CommandError) {
        file = try arguments.onlyOperand("file to write")
        let database = try arguments.database
        databasePath = try database.file(
            orElse: "backup copies an SQLite file; back a PostgreSQL database up with pg_dump or pgBackRest")
        media = arguments.media(of: database)
        bucket = try arguments.bucket
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
        let (contents, pictures) = try copy(to: draft)
        try File.rename(draft, to: file)
        try removeOthers()
        say("\(file): \(contents.summary)")
        if let bucket { say("The pictures are in \(bucket), which is not copied") }
        if pictures > 0 {
            say("\(file)-media: the files of \(pictures == 1 ? "1 picture" : "\(pictures) pictures")")
        }
    }

    private var target: FolderStorage { FolderStorage(path: file + "-media") }

    /// Copies the database, then the pictures that it names. One that has been deleted in between is no longer there to be copied;
    /// then the database is copied again, which no longer names it. What has been copied stays, so this comes to an end.
    private func copy(to draft: String) throws(CommandError) -> (StoreContents, pictures: Int) {
        for _ in 0..<Self.attempts {
            let contents = try opening { () throws(StoreOpeningError) in
                try SQLiteEngine.backUp(databasePath, to: draft, overwriting: true)
            }
            let assets = try DatabaseLocation.file(draft).media()
            guard !assets.isEmpty, bucket == nil else { return (contents, 0) }
            guard let media else { throw .failure("name the folder of pictures with --media") }
            try files(target.path) { () throws(FileError) in try target.prepare() }
            if try media.copyAll(assets.map(\.folder), to: target) { return (contents, assets.count) }
        }
        throw .failure("pictures of \(databasePath) are not in \(media?.path ?? ""): see \"wireroom verify\"")
    }

    private static let attempts = 3

    /// Removes the pictures of a backup that was replaced.
    private func removeOthers() throws(CommandError) {
        guard bucket == nil else { return }
        let named = Set(try DatabaseLocation.file(file).media().map(\.folder))
        try files(target.path) { () throws(FileError) in
            for folder in try target.foldersNow() where !named.contains(folder.name) {
                try target.removeNow(folder.name)
            }
        }
    }
}

extension FolderStorage {
    /// Copies folders to another storage; returns whether all of them were here or there.
    func copyAll(_ folders: [String], to target: FolderStorage) throws(CommandError) -> Bool {
        var isComplete = true
        for folder in folders {
            do throws(FileError) {
                try copy(folder, to: target)
            } catch {
                guard error.isMissing else { throw .failure("\(place(of: folder)): \(error)") }
                isComplete = false
            }
        }
        return isComplete
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
