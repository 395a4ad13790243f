// SPDX-License-Identifier: Apache-2.0
internal import SQLiteEngine
internal import StoryTables

/// `wireroom backup`: a consistent copy of the database, even while a server uses it.
struct BackupCommand: Command {
    static let name = "backup"
    static let summary = "Backs up the database to a file, even while a server is using it."
    static let operands = "FILE"
    static let details = """
        The backup is a consistent snapshot, and is written completely or not at all. It contains drafts, hashes of keys and
        the audit trail, so only its owner may read it. Check it with "wireroom verify", and restore it with "wireroom restore".
        """
    static let options: [Option] = [
        .database,
        Option(name: "force", value: nil, variable: nil, help: "overwrite FILE if it exists"),
    ]

    private let file: String
    private let databasePath: String
    private let overwriting: Bool

    init(_ arguments: Arguments) throws(CommandError) {
        file = try arguments.onlyOperand("file to write")
        databasePath = try arguments.database.file(
            orElse: "backup copies an SQLite file; back a PostgreSQL database up with pg_dump or pgBackRest")
        overwriting = arguments.has("force")
    }

    func run() async throws(CommandError) {
        let contents = try opening { () throws(StoreOpeningError) in
            try SQLiteEngine.backUp(databasePath, to: file, overwriting: overwriting)
        }
        say("\(file): \(contents.summary)")
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
