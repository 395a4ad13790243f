// SPDX-License-Identifier: Apache-2.0
import Glibc

/// An open file that responses are sent from, by `sendfile(2)`: its bytes do not pass through the process.
///
/// The file may be renamed or removed meanwhile. It must not be changed: if it gets shorter, the connections that send it are closed.
public final class FileBody: Sendable {
    /// The open file, for reading. Closed with the last reference.
    public let descriptor: Int32
    /// Bytes of the file when it was opened.
    public let size: Int
    /// When the file was last modified, in seconds since 1970.
    public let modifiedAt: Int

    /// Opens a regular file. Takes microseconds if the kernel knows its directory entry, otherwise a read of the disk; for files that
    /// are asked for often, that is cheaper on the worker's queue than a change of threads, and keeping them open is cheaper still.
    ///
    /// - Throws: why it cannot be opened; `EINVAL` if it is not a regular file.
    public init(path: String) throws(FileError) {
        // Non-blocking, because opening a FIFO would wait for a writer; for regular files it has no meaning.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw FileError(call: "open", code: errno) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileError(call: "open", code: EINVAL)
        }
        self.descriptor = descriptor
        (size, modifiedAt) = (Int(facts.st_size), facts.st_mtim.tv_sec)
    }

    deinit { close(descriptor) }
}

/// A part of a file, as the body of a response.
final class FileSlice: Sendable {
    let file: FileBody
    let range: Range<Int>

    init(_ file: FileBody, _ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= file.size, "\(range) is not in the file")
        (self.file, self.range) = (file, range)
    }
}
