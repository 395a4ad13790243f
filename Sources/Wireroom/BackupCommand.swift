internal import SQLiteStore

/// `wireroom backup`: a copy of the database, also of one that is served.
struct BackupCommand: Command {
    static let name = "backup"
    static let summary = "Copies the database to a new file, also while a server runs on it."
    static let operands = "FILE"
    static let details = """
        The copy is of one moment, and there whole or not at all. Only its owner may read it: it holds drafts, keys' hashes
        and the audit. wireroom verify looks whether it is in order, wireroom restore puts it back.
        """
    static let options: [Option] = [
        .database,
        Option(name: "force", value: nil, variable: nil, help: "replace FILE where it is there"),
    ]

    private let file: String
    private let databasePath: String
    private let overwriting: Bool

    init(_ arguments: Arguments) throws(CommandError) {
        file = try arguments.onlyOperand("file to write")
        databasePath = try arguments.databasePath
        overwriting = arguments.has("force")
    }

    func run() async throws(CommandError) {
        let contents = try opening { () throws(StoreOpeningError) in
            try SQLiteStore.backUp(databasePath, to: file, overwriting: overwriting)
        }
        say("\(file): \(contents.summary)")
    }
}

extension SQLiteStore.Contents {
    /// For the operator.
    var summary: String {
        "\(stories) \(stories == 1 ? "story" : "stories"), \(updates) \(updates == 1 ? "update" : "updates"), "
            + "\(drafts) \(drafts == 1 ? "draft" : "drafts"), "
            + (binned == 0 ? "" : "\(binned) in the bin, ") + "\(bytes) bytes"
    }
}

/// Opens a database in some way; what stands against it becomes a message.
func opening<Result>(_ body: () throws(StoreOpeningError) -> Result) throws(CommandError) -> Result {
    do throws(StoreOpeningError) {
        return try body()
    } catch {
        throw .failure(error.description)
    }
}
