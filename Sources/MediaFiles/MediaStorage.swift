// SPDX-License-Identifier: Apache-2.0
public import HTTP

/// Where the files of media assets are. Each upload has a folder of its own, which is written once, never changed, and removed as a whole.
///
/// A name of a folder or file is 1 to 64 letters, digits, periods, hyphens and underscores, and does not begin with a period.
/// The description of a storage is what its operator calls it.
public protocol MediaStorage: Sendable, CustomStringConvertible {
    /// Whether a file that is listed with its size has the bytes that were written, because the storage verifies checksums itself.
    var verifiesChecksums: Bool { get }

    /// Makes the local disk ready. Called once, before anything else. Blocks.
    func prepare() throws(FileError)

    /// Writes a folder. `fill` gets the path of an empty folder on a local disk, and puts the files into it; if it returns, they are
    /// made durable and appear together under `folder`; if it throws, nothing of them is left.
    ///
    /// - Throws: what `fill` throws, or the ``HTTP/FileError`` of the storage.
    func write<Result: Sendable>(
        _ folder: String, _ fill: (_ path: String) async throws -> Result
    ) async throws -> Result

    /// Opens a file for reading.
    ///
    /// - Throws: why it cannot be opened; ``HTTP/FileError/isMissing`` if there is no such file.
    func open(_ file: String, in folder: String) async throws(FileError) -> FileBody

    /// Puts a file at a path on a local disk where nothing is.
    ///
    /// - Returns: whether it is a link to the stored file instead of a copy of its bytes.
    /// - Throws: as ``open(_:in:)``, or why it cannot be written.
    func fetch(_ file: String, in folder: String, to path: String) async throws(FileError) -> Bool

    /// Whether a folder has all these files, of so many bytes each. Asks the storage itself, not a copy on the local disk.
    func isWhole(_ folder: String, _ files: [String: Int]) async throws(FileError) -> Bool

    /// Removes a folder with its files. One that is not there is no error.
    func remove(_ folder: String) async throws(FileError)

    /// Calls `take` with all files of complete folders, a page at a time, in no particular order.
    func list(_ take: (_ page: [StoredFile]) -> Void) async throws(FileError)

    /// What an operator calls a folder, or a file (`<folder>/<file>`).
    func place(of entry: String) -> String

    /// All folders that are complete, in no particular order.
    func folders() async throws(FileError) -> [StoredFolder]

    /// Removes what writers have left that ended before their folder was complete.
    func removeAbandoned() async throws(FileError)

    /// Removes local copies of all folders but these, in a storage that has copies.
    func forgetCopies(exceptOf folders: Set<String>) async  // ascii: made by the server
}

extension MediaStorage {
    /// Nothing.
    public func forgetCopies(exceptOf folders: Set<String>) async {}  // ascii: made by the server
}

/// A folder of a storage.
public struct StoredFolder: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// When it was written, in seconds since 1970.
    public let writtenAt: Int

    /// Memberwise.
    public init(name: String, writtenAt: Int) { (self.name, self.writtenAt) = (name, writtenAt) }
}

/// A file of a storage.
public struct StoredFile: Hashable, Sendable {
    /// The folder that it is in.
    public let folder: String
    /// Its name in the folder.
    public let name: String
    /// Its size in bytes.
    public let bytes: Int

    /// Memberwise.
    public init(folder: String, name: String, bytes: Int) {
        (self.folder, self.name, self.bytes) = (folder, name, bytes)
    }
}
