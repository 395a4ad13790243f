// SPDX-License-Identifier: Apache-2.0
internal import PostgresEngine
internal import SQLiteEngine
internal import StoryTables

/// `wireroom verify`: checks the integrity of a database or backup.
struct VerifyCommand: Command {
    static let name = "verify"
    static let summary = "Checks the integrity of a database or backup without changing it."
    static let operands = "[LOCATION]"
    static let details = """
        Checks every page of an SQLite file and every rule of the data: sequence numbers, counts, references. A server may be running
        meanwhile. If there are defects, each is printed on a line, and the exit code is 1.
        """
    static let options: [Option] = [.database]

    private let location: DatabaseLocation

    init(_ arguments: Arguments) throws(CommandError) {
        location =
            arguments.operands.isEmpty
            ? try arguments.database : try DatabaseLocation(try arguments.onlyOperand("database to check"))
    }

    func run() async throws(CommandError) {
        let report = try opening { () throws(StoreOpeningError) in
            switch location {
            case .file(let path): try SQLiteEngine.verify(path)
            case .postgres(let address): try PostgresEngine.verify(address)
            }
        }
        guard report.errors.isEmpty else {
            throw .failure(
                StoreOpeningError.damaged(path: location.description, errors: report.errors).description)
        }
        say("\(location) is in order: \(report.contents.summary)")
        let (applied, known) = report.schema
        if applied < known {
            say(
                "Its schema version is \(applied) of \(known); the server or \"wireroom migrate\" will migrate it"
            )
        }
    }
}
