// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A system call on a file, or a request for one, that failed.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call, such as `open`, or the method of the request.
    public let call: String
    /// The value of `errno`; 0 if the file ended before the bytes that were asked for.
    public let code: Int32

    /// What a server said of it, in place of the system's words.
    public let detail: String?

    /// A failure of a call with a value of `errno`.
    public init(call: String, code: Int32, detail: String? = nil) {
        (self.call, self.code, self.detail) = (call, code, detail)
    }

    /// Whether there is no such file.
    public var isMissing: Bool { code == ENOENT }

    /// Whether the disk, or the owner's quota on it, is full.
    public var isFull: Bool { code == ENOSPC || code == EDQUOT }

    /// The call and the reason, for a log.
    public var description: String {
        "\(call): \(detail ?? reason)"
    }

    private var reason: String {
        code == 0 ? "the file is shorter than it was" : String(cString: strerror(code))
    }
}

/// Blocking reads and writes of whole ranges.
enum FileIO {
    /// Reads a range of an open file.
    static func read(_ descriptor: Int32, _ range: Range<Int>) throws(FileError) -> [UInt8] {
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < range.count {
                let count = pread(
                    descriptor, buffer.baseAddress.map { $0 + filled }, range.count - filled,
                    off_t(range.lowerBound + filled))
                if count > 0 {
                    filled += count
                } else if count == 0 || errno != EINTR {
                    failure = FileError(call: "pread", code: count == 0 ? 0 : errno)
                    return
                }
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes all bytes at an offset.
    static func write(_ bytes: [UInt8], to descriptor: Int32, at offset: Int) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                pwrite(
                    descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written,
                    off_t(offset + written))
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                throw FileError(call: "pwrite", code: errno)
            }
        }
    }
}
