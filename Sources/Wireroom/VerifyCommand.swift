// SPDX-License-Identifier: Apache-2.0
internal import MediaFiles
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
        all pictures, from their folder or bucket, and compares their size and SHA-256 with what they were stored with; with --quick
        only the list of files and their sizes. A server may be running meanwhile. If there are defects, each is printed on a line, and
        the exit code is 1. What belongs to no picture is named; it is no defect. The pictures of LOCATION are in --media, in the folder
        LOCATION-media, or else in WIREROOM_MEDIA.
        """
    static let options: [Option] = [
        .database, .media, .mediaEndpoint,
        Option(
            name: "quick", value: nil, variable: nil,
            help: "compare the names and sizes of pictures' files, without reading them"),
    ]

    private let location: DatabaseLocation
    private let media: (any MediaStorage)?
    private let isQuick: Bool

    init(_ arguments: Arguments) throws(CommandError) {
        let served = try arguments.database
        location =
            arguments.operands.isEmpty
            ? served : try DatabaseLocation(try arguments.onlyOperand("database to check"))
        // The environment speaks of the database that is served: a backup has pictures of its own.
        let own = location.description == served.description ? nil : location.defaultMedia
        let isOwn =
            !arguments.has("media") && own.map { FolderEntries.facts(of: $0.path)?.isFolder == true } == true
        media = isOwn ? own : try arguments.media(of: location)
        isQuick = arguments.has("quick")
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
        try await verifyMedia()
    }

    private func verifyMedia() async throws(CommandError) {
        guard let media else {
            let count = try location.media().count
            if count > 0 {
                say("The files of \(pictures(count)) were not read: name their folder or bucket with --media")
            }
            return
        }
        let check = try await MediaFilesCheck(of: location, in: media, reading: !isQuick)
        for line in check.faults.isEmpty ? check.summary : [] { say(line) }
        guard check.faults.isEmpty else {
            throw .failure(
                StoreOpeningError.damaged(path: media.description, errors: check.faults).description)
        }
    }

    private func expect(_ faults: [String]) throws(CommandError) {
        guard faults.isEmpty else {
            throw .failure(
                StoreOpeningError.damaged(path: location.description, errors: faults).description)
        }
    }
}
