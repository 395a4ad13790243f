internal import SQLiteStore

/// `wireroom verify`: whether a database, or a backup, is in order.
struct VerifyCommand: Command {
    static let name = "verify"
    static let summary = "Looks whether a database or a backup is in order, and changes nothing."
    static let operands = "[FILE]"
    static let details = """
        Every page of the file is looked at, and every rule: numbers of changes, counts, what refers to what. A server may
        run meanwhile. The exit code is 1 where something is not in order; each fault is a line.
        """
    static let options: [Option] = [.database]

    private let path: String

    init(_ arguments: Arguments) throws(CommandError) {
        path =
            arguments.operands.isEmpty
            ? try arguments.databasePath : try arguments.onlyOperand("file to look at")
    }

    func run() async throws(CommandError) {
        let report = try opening { () throws(StoreOpeningError) in try SQLiteStore.verify(path) }
        guard report.errors.isEmpty else {
            throw .failure(StoreOpeningError.damaged(path: path, errors: report.errors).description)
        }
        say("\(path) is in order: \(report.contents.summary)")
        let (applied, known) = report.schema
        if applied < known {
            say("Its schema is \(applied) of \(known); the server or migrate will bring it there")
        }
    }
}
