// SPDX-License-Identifier: Apache-2.0
internal import SQLiteEngine
internal import StoryTables

/// `wireroom verify`: checks the integrity of a database or backup.
struct VerifyCommand: Command {
    static let name = "verify"
    static let summary = "Checks the integrity of a database or backup without changing it."
    static let operands = "[FILE]"
    static let details = """
        Checks every page of the file and every rule of the data: sequence numbers, counts, references. A server may be running
        meanwhile. If there are defects, each is printed on a line, and the exit code is 1.
        """
    static let options: [Option] = [.database]

    private let path: String

    init(_ arguments: Arguments) throws(CommandError) {
        path =
            arguments.operands.isEmpty
            ? try arguments.databasePath : try arguments.onlyOperand("file to check")
    }

    func run() async throws(CommandError) {
        let report = try opening { () throws(StoreOpeningError) in try SQLiteEngine.verify(path) }
        guard report.errors.isEmpty else {
            throw .failure(StoreOpeningError.damaged(path: path, errors: report.errors).description)
        }
        say("\(path) is in order: \(report.contents.summary)")
        let (applied, known) = report.schema
        if applied < known {
            say(
                "Its schema version is \(applied) of \(known); the server or \"wireroom migrate\" will migrate it"
            )
        }
    }
}
