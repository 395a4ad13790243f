// SPDX-License-Identifier: Apache-2.0
import CEpoll
import Glibc

/// A request body on disk: a temporary file without a name, which is deleted with the last reference.
///
/// It also occupies one of ``Limits/spooledBodies`` until then, so that bodies that are waiting to be handled count, too.
public final class SpooledBody: Sendable {
    /// The open file, for reading and writing. Closed with the last reference; duplicate it (`dup`) to keep it for longer.
    ///
    /// Where the file system has `O_TMPFILE`, `linkat` of `/proc/self/fd/N` gives it a name.
    public let descriptor: Int32
    /// Bytes of the body.
    public let size: Int
    private let slot: SpoolSlots.Slot?

    /// Takes over an open file.
    init(adopting descriptor: Int32, size: Int, slot: SpoolSlots.Slot?) {
        (self.descriptor, self.size, self.slot) = (descriptor, size, slot)
    }

    /// Writes bytes to a temporary file in a folder: for tests and internal calls. Blocks.
    ///
    /// - Throws: why the file could not be opened or written.
    public convenience init(_ bytes: [UInt8], folder: String) throws(FileError) {
        let spool = Spool(SpoolPolicy(folder: folder, limit: bytes.count), slot: nil)
        try spool.append(bytes)
        self.init(adopting: spool.takeDescriptor(), size: bytes.count, slot: nil)
    }

    deinit { close(descriptor) }

    /// Reads a range of the body. Blocks, so it must not be called on a worker's queue.
    ///
    /// - Throws: why the bytes could not be read.
    /// - Precondition: the range is within `0..<size`.
    public func read(_ range: Range<Int>) throws(FileError) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= size, "\(range) is not within the body")
        return try FileIO.read(descriptor, range)
    }
}

/// Where the bodies of a route are spooled, and up to which size.
public struct SpoolPolicy: Sendable {
    /// The folder of the temporary files: an existing one, on a disk that has room for ``Limits/spooledBodies`` bodies.
    public var folder: String
    /// Bytes of a body (413 beyond). ``Limits/bodyBytes`` does not apply.
    public var limit: Int
    /// Opens a temporary file in a folder; -1 and `errno` if that fails.
    var open: @Sendable (_ folder: String) -> Int32 = { cepoll_temporary_file($0) }

    /// A policy of this folder and this limit in bytes.
    public init(folder: String, limit: Int) { (self.folder, self.limit) = (folder, limit) }
}
