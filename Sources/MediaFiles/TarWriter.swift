// SPDX-License-Identifier: Apache-2.0
internal import Glibc
public import HTTP

/// Writes a tar archive (POSIX.1-1988 "ustar") of regular files to a descriptor, which may be a pipe. Blocks.
public struct TarWriter {
    /// Bytes of a block, of which headers and contents have a whole number.
    static let blockBytes = 512

    private let descriptor: Int32

    /// A writer to a descriptor, which stays the caller's.
    public init(to descriptor: Int32) { self.descriptor = descriptor }

    /// Adds a file of these bytes.
    ///
    /// - Precondition: the name has at most 100 bytes of ASCII.
    public func add(_ name: String, _ bytes: [UInt8]) throws(FileError) {
        try write(Self.header(name, size: bytes.count) + bytes + Self.padding(bytes.count))
    }

    /// Adds the bytes of an open file.
    ///
    /// - Precondition: the name has at most 100 bytes of ASCII.
    public func add(_ name: String, _ file: FileBody) throws(FileError) {
        try write(Self.header(name, size: file.size))
        var buffer = [UInt8](repeating: 0, count: 256 * 1_024)
        var offset = 0
        while offset < file.size {
            let count = pread(file.descriptor, &buffer, min(buffer.count, file.size - offset), off_t(offset))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError(call: "pread", code: count == 0 ? 0 : errno) }
            try write(buffer[..<count])
            offset += count
        }
        try write(Self.padding(file.size))
    }

    /// Ends the archive.
    public func finish() throws(FileError) {
        try write([UInt8](repeating: 0, count: 2 * Self.blockBytes))
    }

    static func padding(_ size: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: (blockBytes - size % blockBytes) % blockBytes)
    }

    private static func header(_ name: String, size: Int) -> [UInt8] {
        precondition(name.utf8.count <= 100, "\(name) is too long for the form")
        var block = [UInt8](repeating: 0, count: blockBytes)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { block[offset + index] = byte }
        }
        func octal(_ number: Int, digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: digits - text.utf8.count) + text
        }
        put(name, at: 0)
        put(octal(0o644, digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        put(octal(size, digits: 11), at: 124)
        put(octal(0, digits: 11), at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put(octal(block.reduce(0) { $0 + Int($1) }, digits: 6) + "\0 ", at: 148)
        return block
    }

    private func write(_ bytes: some Collection<UInt8>) throws(FileError) {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError(call: "write", code: errno) }
            rest = rest.dropFirst(count)
        }
    }
}
