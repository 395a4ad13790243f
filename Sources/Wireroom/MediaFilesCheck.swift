// SPDX-License-Identifier: Apache-2.0
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
    /// Folders that belong to no picture.
    private(set) var strays: [String] = []
    private let count: Int
    private let folder: String

    /// Reads every file. A server may be running: what it deletes meanwhile is no fault.
    init(of database: DatabaseLocation, in storage: FolderStorage) throws(CommandError) {
        let assets = try database.media()
        (count, folder) = (assets.count, storage.path)
        var found: [(folder: String, faults: [String])] = []
        for asset in assets {
            let faults = storage.faults(of: asset.folder, asset.expectedFiles)
                .map { "picture \(asset.id): \($0)" }
            if !faults.isEmpty { found.append((asset.folder, faults)) }
        }
        let stored = try files(storage.path) { () throws(FileError) in try storage.foldersNow() }
        // Rows are read again after the folders: a folder without a row in either reading is a stray.
        let present = Set(try database.media().map(\.folder))
        faults = found.filter { present.contains($0.folder) }.flatMap(\.faults)
        strays = stored.map(\.name).filter { !present.contains($0) }.sorted()
    }

    /// A summary for the operator.
    var summary: [String] {
        ["\(folder) has the files of \(count == 1 ? "1 picture" : "\(count) pictures")"]
            + strays.map {
                "\(folder)/\($0) belongs to no picture; a server that runs for a day removes it"
            }
    }
}

extension MediaAsset {
    /// Its files as they must be.
    var expectedFiles: [ExpectedFile] {
        variants.map { ExpectedFile(name: $0.name, bytes: $0.bytes, checksum: $0.checksum) }
    }
}
