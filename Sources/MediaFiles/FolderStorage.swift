// SPDX-License-Identifier: Apache-2.0
internal import Glibc
public import HTTP

/// Media assets in a folder of a file system. Several servers may share it.
public struct FolderStorage: MediaStorage {
    /// The folder.
    public let path: String

    /// The path.
    public var description: String { path }

    /// A disk may change what is on it.
    public var verifiesChecksums: Bool { false }

    /// A storage in this folder, which must exist before it is used; see ``prepare()``.
    public init(path: String) { self.path = path }

    /// Creates the folder if it is not there, for its owner only: that of the folder that it is in, if root creates it. Blocks.
    ///
    /// - Throws: why it cannot be created or written to.
    public func prepare() throws(FileError) {
        let isNew = mkdir(path, 0o700) == 0
        guard isNew || errno == EEXIST else { throw FileError(call: "mkdir", code: errno) }
        guard access(path, W_OK | X_OK) == 0 else { throw FileError(call: "access", code: errno) }
        guard isNew else { return }
        let parent = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? "."
        try Ownership(of: parent)?.give(path)
    }

    /// Writes a folder: into a draft, which is synced and then renamed. Run as root, it belongs to the owner of the storage.
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

    /// Whether a folder has all these files.
    public func isWhole(_ folder: String, _ files: [String: Int]) async throws(FileError) -> Bool {
        try await BlockingWork.run { () throws(FileError) in
            for (file, bytes) in files {
                do throws(FileError) {
                    guard try FileBody(path: place(of: file, in: folder)).size == bytes else { return false }
                } catch  where error.isMissing {
                    return false
                }
            }
            return true
        }
    }

    /// Removes a folder.
    public func remove(_ folder: String) async throws(FileError) {
        try await BlockingWork.run { () throws(FileError) in
            try FolderEntries.removeFolder(place(of: folder))
            try FolderEntries.sync(path)
        }
    }

    /// All folders that are complete.
    public func folders() async throws(FileError) -> [StoredFolder] {
        try await BlockingWork.run { () throws(FileError) in
            try FolderEntries.names(in: path).compactMap { name in
                guard name.utf8.first != UInt8(ascii: "."),
                    let facts = FolderEntries.facts(of: place(of: name)), facts.isFolder
                else { return nil }
                return StoredFolder(name: name, writtenAt: facts.modifiedAt)
            }
        }
    }

    /// All files of complete folders, a folder to a page.
    public func list(_ take: ([StoredFile]) -> Void) async throws(FileError) {
        for folder in try await folders().map(\.name) {
            take(try await BlockingWork.run { () throws(FileError) in try files(of: folder) })
        }
    }

    private func files(of folder: String) throws(FileError) -> [StoredFile] {
        try FolderEntries.names(in: place(of: folder)).compactMap { name in
            FolderEntries.facts(of: place(of: name, in: folder))
                .map { StoredFile(folder: folder, name: name, bytes: $0.bytes) }
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

    /// Where a folder or a file of one is.
    public func place(of entry: String) -> String { path + "/" + entry }

    /// Where a file is.
    public func place(of file: String, in folder: String) -> String { "\(path)/\(folder)/\(file)" }
}
