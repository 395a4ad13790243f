// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import HTTP

/// Why an archive cannot be read: a sentence without a full stop.
public struct TarError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public let description: String

    init(_ description: String) { self.description = description }

    init(_ error: FileError) { self.init("it cannot be read or unpacked: \(error)") }
}

/// Reads the regular files of a tar archive (POSIX.1-1988 "ustar") one after the other from a descriptor, which may be a pipe. Blocks.
public final class TarReader {
    /// A file of the archive.
    public struct Entry: Hashable, Sendable {
        /// The path in the archive. Untrusted: it must never be used as a path of the file system.
        public let name: String
        /// Its size in bytes.
        public let size: Int
    }

    private let descriptor: Int32
    /// Bytes of the present entry that are unread, with and without the padding.
    private var unread = (content: 0, padding: 0)
    private var announced: Entry?

    /// A reader from a descriptor, which stays the caller's.
    public init(from descriptor: Int32) { self.descriptor = descriptor }

    /// Whether bytes are the beginning of an archive.
    public static func isTar(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.dropFirst(257).starts(with: "ustar".utf8)
    }

    /// The next file, which stays the next one until ``take()``; `nil` at the end.
    public func peek() throws(TarError) -> Entry? {
        if announced == nil { announced = try nextFile() }
        return announced
    }

    /// Goes on to the next file, whose content may then be read.
    public func take() throws(TarError) -> Entry? {
        let entry = try peek()
        announced = nil
        return entry
    }

    /// The rest of the content of the file that was taken, if it has at most `limit` bytes.
    public func content(atMost limit: Int) throws(TarError) -> [UInt8] {
        guard unread.content <= limit else {
            throw TarError("a file has \(unread.content) bytes, more than \(limit)")
        }
        let bytes = try read(unread.content)
        unread.content = 0
        return bytes
    }

    /// Writes the rest of the content to a new file at a path.
    public func extract(to path: String) throws(TarError) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw TarError(FileError(call: "open", code: errno)) }
        defer { close(file) }
        while unread.content > 0 {
            var piece = try read(min(unread.content, Self.pieceBytes))[...]
            unread.content -= piece.count
            while !piece.isEmpty {
                let count = piece.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw TarError(FileError(call: "write", code: errno)) }
                piece = piece.dropFirst(count)
            }
        }
    }

    private static let pieceBytes = 256 * 1_024

    private func nextFile() throws(TarError) -> Entry? {
        while true {
            try skip(unread.content + unread.padding)
            unread = (0, 0)
            let block = try read(TarWriter.blockBytes)
            // Two such blocks end an archive; one will do.
            if block.allSatisfy({ $0 == 0 }) { return nil }
            let entry = try Self.entry(block)
            unread = (entry.size, TarWriter.padding(entry.size).count)
            // Folders, and what other programs note of files (pax), are passed over.
            if block[156] == UInt8(ascii: "0") || block[156] == 0 { return entry }
        }
    }

    private static func entry(_ block: [UInt8]) throws(TarError) -> Entry {
        guard isTar(block) else { throw TarError("it is not a tar archive of the form ustar") }
        let sum = block.enumerated().reduce(0) { $0 + (148..<156 ~= $1.offset ? 32 : Int($1.element)) }
        guard try number(block[148..<156]) == sum else { throw TarError("the checksum of a header is wrong") }
        let (name, prefix) = (text(block[0..<100]), text(block[345..<500]))
        return Entry(name: prefix.isEmpty ? name : "\(prefix)/\(name)", size: try number(block[124..<136]))
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// An octal number, which spaces or NULs end.
    private static func number(_ field: ArraySlice<UInt8>) throws(TarError) -> Int {
        let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0x20 && $0 != 0 }
        guard let number = Int(String(decoding: digits, as: UTF8.self), radix: 8), number >= 0 else {
            throw TarError("a number in a header is not octal")
        }
        return number
    }

    private func skip(_ count: Int) throws(TarError) {
        var left = count
        while left > 0 { left -= try read(min(left, Self.pieceBytes)).count }
    }

    private func read(_ count: Int) throws(TarError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes[filled...].withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw TarError(FileError(call: "read", code: errno)) }
            guard got > 0 else { throw TarError("it ends too early") }
            filled += got
        }
        return bytes
    }
}
