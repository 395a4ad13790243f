// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import Glibc
public import HTTP

/// Sizes and digests of files, which are read in pieces.
public enum FileDigest {
    private static let windowBytes = 256 * 1_024

    /// The SHA-256 of a part of an open file.
    public static func sha256(of descriptor: Int32, _ range: Range<Int>) async throws(FileError) -> [UInt8] {
        try await BlockingWork.run { () throws(FileError) in try sha256Now(of: descriptor, range) }
    }

    /// The size in bytes and the SHA-256 of a file.
    public static func facts(ofFile path: String) async throws(FileError) -> (bytes: Int, checksum: [UInt8]) {
        try await BlockingWork.run { () throws(FileError) in try factsNow(ofFile: path) }
    }

    /// The size in bytes and the SHA-256 of a file. Blocks.
    public static func factsNow(ofFile path: String) throws(FileError) -> (bytes: Int, checksum: [UInt8]) {
        let file = try FileBody(path: path)
        return (file.size, try sha256Now(of: file.descriptor, 0..<file.size))
    }

    private static func sha256Now(of descriptor: Int32, _ range: Range<Int>) throws(FileError) -> [UInt8] {
        let digest = SHA256Digest()
        var buffer = [UInt8](repeating: 0, count: min(windowBytes, range.count))
        var offset = range.lowerBound
        while offset < range.upperBound {
            let wanted = min(buffer.count, range.upperBound - offset)
            let count = pread(descriptor, &buffer, wanted, off_t(offset))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError(call: "pread", code: count == 0 ? 0 : errno) }
            digest.update(buffer[..<count])
            offset += count
        }
        return digest.finish()
    }
}

extension FileBody {
    /// Whether the file has been removed since it was opened, by any process that uses this file system.
    public var isRemoved: Bool {
        var facts = stat()
        return fstat(descriptor, &facts) != 0 || facts.st_nlink == 0
    }
}
