// SPDX-License-Identifier: Apache-2.0
public import HTTP

/// Where the files of media assets are. Each upload has a folder of its own, which is written once, never changed, and removed as a whole.
///
/// A name of a folder or file is 1 to 64 letters, digits, periods, hyphens and underscores, and does not begin with a period.
public protocol MediaStorage: Sendable {
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

    /// Removes a folder with its files. One that is not there is no error.
    func remove(_ folder: String) async throws(FileError)

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
