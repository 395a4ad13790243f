// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import PostgresEngine
internal import SQLiteEngine
internal import Stories
internal import StoryTables

/// `wireroom move`: copies a database to another place or engine.
struct MoveCommand: Command {
    static let name = "move"
    static let summary = "Copies a database into a new one, also of the other engine."
    static let operands = "FROM TO"
    static let details = """
        FROM and TO are files or postgres:// addresses. Stop the servers of both first. TO must hold no stories; it is created and migrated.
        Ids, sequence numbers, keys and cursors are kept, so open pages go on after the servers are started with TO. The copy is verified
        before it is committed; FROM is not changed.
        """
    static let options: [Option] = []

    private let source: DatabaseLocation
    private let target: DatabaseLocation

    init(_ arguments: Arguments) throws(CommandError) {
        guard arguments.operands.count == 2 else {
            throw .usage("wireroom: expected two operands (FROM and TO), but got \(arguments.operands.count)")
        }
        source = try DatabaseLocation(arguments.operands[0])
        target = try DatabaseLocation(arguments.operands[1])
    }

    func run() async throws(CommandError) {
        let applied = try source.migrationStatus()
        guard !applied.contains(where: { $0.appliedAt == nil }) else {
            throw .failure("\(source) has an older schema; run \"wireroom migrate\" on it first")
        }
        let count = try opening { () throws(StoreOpeningError) in try copy() }
        say("\(target) has \(count) rows of \(source), and is in order")
    }

    private func copy() throws(StoreOpeningError) -> Int {
        try source.withTables(creating: false) { source throws(StoreOpeningError) in
            try target.withTables(creating: true) { tables throws(StoreOpeningError) in
                let name = target.description
                let (count, faults) = try StoryTables.opening(name) { () throws(DatabaseError) in
                    (try TableCopy.copy(from: source, to: tables), try StoreRules.faults(in: tables))
                }
                guard faults.isEmpty else { throw .damaged(path: name, errors: faults) }
                return count
            }
        }
    }
}
