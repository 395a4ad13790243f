internal import SQLiteStore
internal import Stories

/// `wireroom restore`: a backup in the place of the database.
struct RestoreCommand: Command {
    static let name = "restore"
    static let summary = "Puts a backup in the place of the database."
    static let operands = "FILE"
    static let details = """
        Stop the server first. The backup is verified before, and brought to the schema of this program. It begins a new
        epoch: front-ends that polled the former database are answered 410 once, and read the page anew. The former
        database is kept beside the new one.
        """
    static let options: [Option] = [.database]

    private let file: String
    private let databasePath: String

    init(_ arguments: Arguments) throws(CommandError) {
        file = try arguments.onlyOperand("backup to put back")
        databasePath = try arguments.databasePath
    }

    func run() async throws(CommandError) {
        let (contents, kept) = try opening { () throws(StoreOpeningError) in
            try SQLiteStore.restore(file, to: databasePath, at: .now)
        }
        say("\(databasePath): \(contents.summary)")
        if let kept { say("The former database is \(kept)") }
    }
}
