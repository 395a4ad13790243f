// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import HTTP
internal import MediaFiles
internal import PostgresEngine
internal import SQLiteEngine
internal import Stories
internal import StoryTables

/// `wireroom move`: copies a database to another place or engine.
struct MoveCommand: Command {
    static let name = "move"
    static let summary = "Copies a database into a new one, also of the other engine, or only its pictures."
    static let operands = "FROM [TO]"
    static let details = """
        FROM and TO are files or postgres:// addresses. Stop the servers of both first. TO must hold no stories; it is created and migrated.
        Ids, sequence numbers, keys and cursors are kept, so open pages go on after the servers are started with TO. Pictures are copied
        from --media-from to --media-to, folders or buckets (linked if both are on one disk), which may be the same place. The copy is
        verified before it is committed; FROM is not changed.

        Without TO only the pictures are copied, and a server may be running: copy once more after it has stopped, then start it with
        --media at the new place. A copy that was interrupted goes on where it was. Nothing is removed from the former place.

        AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_REGION apply to both buckets; WIREROOM_FROM_AWS_ACCESS_KEY_ID
        and so on take precedence for the bucket of --media-from.
        """
    static let options: [Option] = [
        Option(
            name: "media-from", value: "PLACE", variable: nil,
            defaultValue: "the name of the SQLite file with -media at its end",
            help: "where the pictures of FROM are: a folder, or s3://BUCKET/PREFIX"),
        Option(
            name: "media-from-endpoint", value: "URL", variable: "WIREROOM_MEDIA_ENDPOINT",
            defaultValue: "Amazon S3 in AWS_REGION", help: "the origin of the object storage of --media-from"),
        Option(
            name: "media-to", value: "PLACE", variable: nil,
            defaultValue: "the name of the SQLite file with -media at its end",
            help: "where the pictures of TO will be: a folder, or s3://BUCKET/PREFIX"),
        Option(
            name: "media-to-endpoint", value: "URL", variable: "WIREROOM_MEDIA_ENDPOINT",
            defaultValue: "Amazon S3 in AWS_REGION", help: "the origin of the object storage of --media-to"),
    ]

    private let source: DatabaseLocation
    /// `nil`: only the pictures are copied.
    private let target: DatabaseLocation?
    private let sourceMedia: (any MediaStorage)?
    private let targetMedia: (any MediaStorage)?
    private let isSamePlace: Bool

    init(_ arguments: Arguments) throws(CommandError) {
        guard (1...2).contains(arguments.operands.count) else {
            throw .usage(
                "wireroom: expected one or two operands (FROM and TO), but got \(arguments.operands.count)")
        }
        source = try DatabaseLocation(arguments.operands[0])
        target = arguments.operands.count == 2 ? try DatabaseLocation(arguments.operands[1]) : nil
        let from = MediaNames(
            place: "media-from", endpoint: "media-from-endpoint", variablePrefix: "WIREROOM_FROM_")
        sourceMedia = try arguments.media(of: source, from)
        let to = MediaNames(place: "media-to", endpoint: "media-to-endpoint")
        targetMedia = try arguments.media(of: target ?? source, to)
        isSamePlace =
            sourceMedia?.description == targetMedia?.description
            && arguments.value("media-from-endpoint") == arguments.value("media-to-endpoint")
        guard target != nil || !isSamePlace else {
            throw .usage(
                "wireroom: without TO only pictures are copied: name with --media-from and --media-to from where to where"
            )
        }
    }

    func run() async throws(CommandError) {
        let applied = try source.migrationStatus()
        guard target == nil || !applied.contains(where: { $0.appliedAt == nil }) else {
            throw .failure("\(source) has an older schema; run \"wireroom migrate\" on it first")
        }
        // Before the rows, so that no row is committed whose files are not there.
        let count = try await copyMedia()
        if let target {
            let rows = try opening { () throws(StoreOpeningError) in try copy(to: target) }
            say("\(target) has \(rows) rows of \(source), and is in order")
        }
        if let targetMedia, count > 0 || target == nil {
            say("\(targetMedia) has the files of \(pictures(count))")
        }
    }

    /// Copies the files of all pictures, and compares the copies with the rows; returns how many pictures these are.
    private func copyMedia() async throws(CommandError) -> Int {
        let assets = try source.media()
        guard !assets.isEmpty else { return 0 }
        guard let sourceMedia else {
            throw .failure("name the folder or bucket of pictures of \(source) with --media-from")
        }
        guard let targetMedia else {
            throw .failure("name a folder or bucket for the pictures of \(target ?? source) with --media-to")
        }
        let faults =
            isSamePlace
            ? try await MediaFilesCheck(of: source, in: sourceMedia, reading: !sourceMedia.verifiesChecksums)
                .faults
            : try await named(sourceMedia.copyAll(assets, to: targetMedia, comparing: .bytes))
        guard faults.isEmpty else {
            throw .failure(
                StoreOpeningError.damaged(path: sourceMedia.description, errors: faults).description)
        }
        return assets.count
    }

    /// Faults with the ids of their pictures. A server may be running: what it deletes meanwhile is no fault.
    private func named(_ faults: [MediaFault]) throws(CommandError) -> [String] {
        let assets = faults.isEmpty ? [] : try source.media()
        let ids = Dictionary(assets.map { ($0.folder, $0.id) }, uniquingKeysWith: { first, _ in first })
        return faults.compactMap { fault in ids[fault.folder].map { "picture \($0): \(fault)" } }
    }

    private func copy(to target: DatabaseLocation) throws(StoreOpeningError) -> Int {
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
