// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import HTTP
internal import MediaFiles
internal import ObjectStorage
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
        Ids, sequence numbers, keys and cursors are kept, so open pages go on after the servers are started with TO. Pictures are copied
        from the folder of FROM to that of TO (linked if both are on one disk); with PostgreSQL name it, which may be the same for both. The copy is
        verified before it is committed; FROM is not changed.
        """
    static let options: [Option] = [
        Option(
            name: "media-from", value: "DIR", variable: nil,
            defaultValue: "the name of the SQLite file with -media at its end",
            help: "the folder of pictures of FROM"),
        Option(
            name: "media-to", value: "DIR", variable: nil,
            defaultValue: "the name of the SQLite file with -media at its end",
            help: "the folder of pictures of TO"),
    ]

    private let source: DatabaseLocation
    private let target: DatabaseLocation
    private let sourceMedia: FolderStorage?
    private let targetMedia: FolderStorage?

    init(_ arguments: Arguments) throws(CommandError) {
        guard arguments.operands.count == 2 else {
            throw .usage("wireroom: expected two operands (FROM and TO), but got \(arguments.operands.count)")
        }
        source = try DatabaseLocation(arguments.operands[0])
        target = try DatabaseLocation(arguments.operands[1])
        for name in ["media-from", "media-to"] {
            guard !BucketAddress.isMeant(by: arguments.value(name) ?? "") else {
                throw .usage("wireroom: --\(name) must be a folder: pictures in a bucket are not moved")
            }
        }
        sourceMedia =
            arguments.value("media-from").map { FolderStorage(path: $0) } ?? source.defaultMedia
        targetMedia = arguments.value("media-to").map { FolderStorage(path: $0) } ?? target.defaultMedia
    }

    func run() async throws(CommandError) {
        let applied = try source.migrationStatus()
        guard !applied.contains(where: { $0.appliedAt == nil }) else {
            throw .failure("\(source) has an older schema; run \"wireroom migrate\" on it first")
        }
        // Before the rows, so that no row is committed whose files are not there.
        let pictures = try copyMedia()
        let count = try opening { () throws(StoreOpeningError) in try copy() }
        say("\(target) has \(count) rows of \(source), and is in order")
        if let targetMedia, pictures > 0 {
            say(
                "\(targetMedia.path) has the files of \(pictures == 1 ? "1 picture" : "\(pictures) pictures")"
            )
        }
    }

    /// Copies the files of all pictures, and compares the copies with the rows.
    private func copyMedia() throws(CommandError) -> Int {
        let assets = try source.media()
        guard !assets.isEmpty else { return 0 }
        guard let sourceMedia else {
            throw .failure("name the folder of pictures of \(source) with --media-from")
        }
        guard let targetMedia else {
            throw .failure("name a folder for the pictures of \(target) with --media-to")
        }
        if sourceMedia.path != targetMedia.path {
            try files(targetMedia.path) { () throws(FileError) in try targetMedia.prepareForOwner() }
        }
        var faults: [String] = []
        for asset in assets {
            if sourceMedia.has(asset.folder) {
                try files(targetMedia.place(of: asset.folder)) { () throws(FileError) in
                    try sourceMedia.copy(asset.folder, to: targetMedia)
                }
            }
            faults += targetMedia.faults(of: asset.folder, asset.expectedFiles)
                .map { "picture \(asset.id): \($0)" }
        }
        guard faults.isEmpty else {
            throw .failure(StoreOpeningError.damaged(path: sourceMedia.path, errors: faults).description)
        }
        return assets.count
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
