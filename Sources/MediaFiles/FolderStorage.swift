// SPDX-License-Identifier: Apache-2.0
internal import Glibc
public import HTTP

/// Media assets in a folder of a file system. Several servers may share it.
public struct FolderStorage: MediaStorage {
    /// The folder.
    public let path: String

    /// A storage in this folder, which must exist before it is used; see ``prepare()``.
    public init(path: String) { self.path = path }

    /// Creates the folder if it is not there, for its owner only. Blocks.
    ///
    /// - Throws: why it cannot be created or written to.
    public func prepare() throws(FileError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw FileError(call: "mkdir", code: errno) }
        guard access(path, W_OK | X_OK) == 0 else { throw FileError(call: "access", code: errno) }
    }

    /// Writes a folder: into a draft, which is synced and then renamed.
    public func write<Result: Sendable>(
        _ folder: String, _ fill: (_ path: String) async throws -> Result
    ) async throws -> Result {
        let draft = try await BlockingWork.run { () throws(FileError) in
            try FolderDraft(of: folder, in: path)
        }
        do {
            let result = try await fill(draft.path)
            try await BlockingWork.run { () throws(FileError) in try draft.publish() }
            return result
        } catch {
            // Best effort: the first error is reported, and an abandoned draft is removed at the next start.
            try? await BlockingWork.run { () throws(FileError) in try draft.remove() }
            throw error
        }
    }

    /// Opens a file.
    public func open(_ file: String, in folder: String) async throws(FileError) -> FileBody {
        try await BlockingWork.run { () throws(FileError) in try FileBody(path: place(of: file, in: folder)) }
    }

    /// Removes a folder.
    public func remove(_ folder: String) async throws(FileError) {
        try await BlockingWork.run { () throws(FileError) in try removeNow(folder) }
    }

    /// Removes a folder. Blocks.
    public func removeNow(_ folder: String) throws(FileError) {
        try FolderEntries.removeFolder(place(of: folder))
        try FolderEntries.sync(path)
    }

    /// All folders that are complete.
    public func folders() async throws(FileError) -> [StoredFolder] {
        try await BlockingWork.run { () throws(FileError) in try foldersNow() }
    }

    /// All folders that are complete. Blocks.
    public func foldersNow() throws(FileError) -> [StoredFolder] {
        try FolderEntries.names(in: path).compactMap { name in
            guard name.utf8.first != UInt8(ascii: "."), let facts = FolderEntries.facts(of: place(of: name)),
                facts.isFolder
            else { return nil }
            return StoredFolder(name: name, writtenAt: facts.modifiedAt)
        }
    }

    /// Removes drafts whose writers have ended.
    public func removeAbandoned() async throws(FileError) {
        try await BlockingWork.run { () throws(FileError) in
            for name in try FolderEntries.names(in: path) where FolderDraft.isDraft(name) {
                try FolderDraft.removeIfAbandoned(place(of: name))
            }
        }
    }

    /// Where a folder is.
    public func place(of folder: String) -> String { path + "/" + folder }

    /// Where a file is.
    public func place(of file: String, in folder: String) -> String { "\(path)/\(folder)/\(file)" }
}
