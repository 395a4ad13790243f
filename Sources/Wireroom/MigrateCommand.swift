// SPDX-License-Identifier: Apache-2.0
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

    private let database: DatabaseLocation
    private let onlyStatus: Bool

    init(_ arguments: Arguments) throws(CommandError) {
        try arguments.noOperands()
        database = try arguments.database
        onlyStatus = arguments.has("status")
    }

    func run() async throws(CommandError) {
        if !onlyStatus { _ = try TableStore.open(database, as: .command) }
        for migration in try database.migrationStatus() {
            let state = migration.appliedAt.map { "applied \($0)" } ?? "missing"
            say("\(String(migration.number).padded(to: 5))\(migration.name.padded(to: 24))\(state)")
        }
    }
}
