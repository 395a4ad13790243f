// SPDX-License-Identifier: Apache-2.0
internal import PostgresEngine
internal import StoryTables

/// `wireroom erase`: removes the bytes of deleted text from the files of a PostgreSQL server.
struct EraseCommand: Command {
    static let name = "erase"
    static let summary = "Erases what takedowns have left in the files of a PostgreSQL server."
    static let details = """
        A takedown deletes at once what it takes down, but PostgreSQL leaves the bytes of deleted rows in its files. This rewrites the
        tables, each of which is locked meanwhile, and begins new files of the write-ahead log; then it names what may still hold the text:
        standbys, replication slots, archives, backups. With an SQLite file there is nothing to do: a takedown erases there itself.
        """
    static let options: [Option] = [.database]

    private let database: DatabaseLocation

    init(_ arguments: Arguments) throws(CommandError) {
        try arguments.noOperands()
        database = try arguments.database
    }

    func run() async throws(CommandError) {
        guard case .postgres(let address) = database else {
            return say(
                "\(database) needs no erasing: in an SQLite file, a takedown erases what it takes down")
        }
        let erasure = try opening { () throws(StoreOpeningError) in try PostgresEngine.erase(address) }
        say("the tables of \(address) hold no deleted text any more")
        for command in erasure.refused {
            say("this role may not run \"\(command)\"; have it run by one that may")
        }
        for sentence in erasure.elsewhere { say(sentence) }
        say("backups and archives made before are not changed")
    }
}
