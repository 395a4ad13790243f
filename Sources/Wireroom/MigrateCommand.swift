// SPDX-License-Identifier: Apache-2.0
internal import SQLiteEngine
internal import Stories
internal import StoryTables

/// `wireroom migrate`: migrates a database to the current schema.
struct MigrateCommand: Command {
    static let name = "migrate"
    static let summary = "Applies pending migrations; creates the database if it does not exist."
    static let details = "The server does the same when it starts. With --status, nothing is changed."
    static let options: [Option] = [
        .database,
        Option(
            name: "status", value: nil, variable: nil, help: "list all migrations and when each was applied"),
    ]

    private let databasePath: String
    private let onlyStatus: Bool

    init(_ arguments: Arguments) throws(CommandError) {
        try arguments.noOperands()
        databasePath = try arguments.databasePath
        onlyStatus = arguments.has("status")
    }

    func run() async throws(CommandError) {
        if !onlyStatus { _ = try TableStore.open(databasePath, as: .command) }
        do throws(StoreOpeningError) {
            for migration in try SQLiteEngine.migrationStatus(path: databasePath) {
                let state = migration.appliedAt.map { "applied \($0)" } ?? "missing"
                say("\(String(migration.number).padded(to: 5))\(migration.name.padded(to: 24))\(state)")
            }
        } catch {
            throw .failure(error.description)
        }
    }
}
