// SPDX-License-Identifier: Apache-2.0
internal import SQLiteEngine
internal import Stories
internal import StoryTables

/// `wireroom restore`: replaces the database with a backup.
struct RestoreCommand: Command {
    static let name = "restore"
    static let summary = "Replaces the database with a backup."
    static let operands = "FILE"
    static let details = """
        Stop the server first. The backup is verified and migrated to the current schema before it is put in place. It begins a
        new epoch: clients that polled the former database get a 410 once, and fetch a fresh snapshot. The former database is
        kept beside the new one.
        """
    static let options: [Option] = [.database]

    private let file: String
    private let databasePath: String

    init(_ arguments: Arguments) throws(CommandError) {
        file = try arguments.onlyOperand("backup to restore")
        databasePath = try arguments.database.file(
            orElse:
                "restore replaces an SQLite file; restore a PostgreSQL database with pg_restore or pgBackRest"
        )
    }

    func run() async throws(CommandError) {
        let (contents, kept) = try opening { () throws(StoreOpeningError) in
            try SQLiteEngine.restore(file, to: databasePath, at: .now)
        }
        say("\(databasePath): \(contents.summary)")
        if let kept { say("The former database is \(kept)") }
    }
}
