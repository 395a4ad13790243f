// SPDX-License-Identifier: Apache-2.0
internal import MediaFiles
internal import ObjectStorage
internal import PostgresEngine
internal import SQLiteEngine
internal import StoryTables

/// `wireroom verify`: checks the integrity of a database or backup, and of its pictures.
struct VerifyCommand: Command {
    static let name = "verify"
    static let summary = "Checks the integrity of a database or backup without changing it."
    static let operands = "[LOCATION]"
    static let details = """
        Checks every page of an SQLite file and every rule of the data: sequence numbers, counts, references. Then reads the files of
        all pictures, and compares their size and SHA-256 with what they were stored with. A server may be running meanwhile. If there are
        defects, each is printed on a line, and the exit code is 1. Folders that belong to no picture are named; they are no defect.
        """
    static let options: [Option] = [.database, .media]

    private let location: DatabaseLocation
    private let media: FolderStorage?
    private let bucket: BucketAddress?

    init(_ arguments: Arguments) throws(CommandError) {
        location =
            arguments.operands.isEmpty
            ? try arguments.database : try DatabaseLocation(try arguments.onlyOperand("database to check"))
        media = arguments.media(of: location)
        bucket = try arguments.bucket
    }

    func run() async throws(CommandError) {
        let report = try opening { () throws(StoreOpeningError) in
            switch location {
            case .file(let path): try SQLiteEngine.verify(path)
            case .postgres(let address): try PostgresEngine.verify(address)
            }
        }
        try expect(report.errors)
        say("\(location) is in order: \(report.contents.summary)")
        let (applied, known) = report.schema
        if applied < known {
            say(
                "Its schema version is \(applied) of \(known); the server or \"wireroom migrate\" will migrate it"
            )
        }
        try verifyMedia()
    }

    private func verifyMedia() throws(CommandError) {
        guard let media else {
            let count = try location.media().count
            let place = bucket.map { "they are in \($0)" } ?? "name their folder with --media"
            if count > 0 { say("The files of \(count) pictures were not read: \(place)") }
            return
        }
        let check = try MediaFilesCheck(of: location, in: media)
        try expect(check.faults)
        for line in check.summary { say(line) }
    }

    private func expect(_ faults: [String]) throws(CommandError) {
        guard faults.isEmpty else {
            throw .failure(
                StoreOpeningError.damaged(path: location.description, errors: faults).description)
        }
    }
}
