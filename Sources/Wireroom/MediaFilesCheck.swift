// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import HTTP
internal import MediaFiles
internal import PostgresEngine
internal import SQLiteEngine
internal import Stories
internal import StoryTables

extension DatabaseLocation {
    /// All media assets, read without changing the database.
    func media() throws(CommandError) -> [MediaAsset] {
        try opening { () throws(StoreOpeningError) in
            switch self {
            case .file(let path): try SQLiteEngine.media(path)
            case .postgres(let address): try PostgresEngine.media(address)
            }
        }
    }
}

/// The files of pictures compared with the rows of a database.
struct MediaFilesCheck {
    /// What is wrong, a sentence each.
    private(set) var faults: [String] = []
    /// Folders and files that belong to no picture.
    private(set) var strays: [String] = []
    private let count: Int
    private let storage: any MediaStorage
    private let isReading: Bool

    /// Compares names and sizes, then reads every file, if wanted. A server may be running: what it deletes meanwhile is no fault.
    init(
        of database: DatabaseLocation, in storage: any MediaStorage, reading: Bool
    ) async throws(CommandError) {
        let assets = try database.media()
        (count, self.storage, isReading) = (assets.count, storage, reading)
        let inventory = try await files(storage) { () async throws(FileError) in
            try await MediaInventory(of: assets.map(\.expected), in: storage)
        }
        let read = reading ? assets.map(\.expected) : []
        let progress = Progress("read", of: read.count)
        // What is missing or has another size is found both times.
        let found = Set(inventory.faults).union(await storage.faults(of: read, onFolder: progress.step))
            .sorted { $0.description < $1.description }
        // Rows are read again after the files: what has no row in either reading is a stray.
        let present = Dictionary(
            try database.media().map { ($0.folder, $0.id) }, uniquingKeysWith: { first, _ in first })
        faults = found.compactMap { fault in
            present[fault.folder].map { "picture \($0): \(fault)" }
        }
        strays = inventory.strays.filter { present[$0] == nil }
    }

    /// A summary for the operator.
    var summary: [String] {
        let how = isReading || count == 0 ? "" : ", by their sizes; they were not read"
        return ["\(storage) has the files of \(pictures(count))\(how)"]
            + strays.map {
                "\(storage.place(of: $0)) belongs to no picture"
                    + ($0.contains("/") ? "" : "; a server that runs for a day removes it")
            }
    }
}

/// Tells at the terminal, every ten seconds, how far a long command has come.
final class Progress {
    private let verb: String
    private let count: Int
    private var done = 0
    private var toldAt = Instant.now

    init(_ verb: String, of count: Int) { (self.verb, self.count) = (verb, count) }

    /// One more is done.
    func step() { set(done + 1) }

    /// So many are done.
    func set(_ done: Int) {
        self.done = done
        guard Instant.now.seconds(since: toldAt) >= 10 else { return }
        toldAt = .now
        say("\(verb) \(done) of \(pictures(count))", to: STDERR_FILENO)
    }
}

extension MediaAsset {
    /// Its folder as it must be.
    var expected: ExpectedFolder {
        ExpectedFolder(
            name: folder,
            files: variants.map { ExpectedFile(name: $0.name, bytes: $0.bytes, checksum: $0.checksum) })
    }
}
