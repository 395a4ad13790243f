// SPDX-License-Identifier: Apache-2.0
internal import Glibc

enum File {
    /// Reads all bytes of a file; `-` is standard input.
    static func read(_ path: String) throws(CommandError) -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .failure("cannot read \(path): \(String(cString: strerror(errno)))")
        }
        defer { if path != "-" { close(descriptor) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw .failure("cannot read \(path): \(String(cString: strerror(errno)))")
            }
            bytes += buffer[..<count]
        }
    }

    /// Writes a file that appears complete, or not at all; one that is there is replaced. Only its owner may read it.
    static func replace<Result>(
        _ path: String, _ body: (Int32) async throws(CommandError) -> Result
    ) async throws(CommandError) -> Result {
        let draft = path + ".incomplete"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .failure("cannot write \(path): \(String(cString: strerror(errno)))")
        }
        defer {
            close(descriptor)
            unlink(draft)
        }
        let result = try await body(descriptor)
        guard fsync(descriptor) == 0 else {
            throw .failure("cannot write \(path): \(String(cString: strerror(errno)))")
        }
        try rename(draft, to: path)
        return result
    }

    /// Renames a file within its folder, durably. A file that has the new name is replaced.
    static func rename(_ path: String, to target: String) throws(CommandError) {
        let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        guard descriptor >= 0, Glibc.rename(path, target) == 0, fsync(descriptor) == 0 else {
            throw .failure("cannot rename \(path) to \(target): \(String(cString: strerror(errno)))")
        }
    }

    /// Writes all bytes to a descriptor.
    static func write(_ bytes: [UInt8], to descriptor: Int32 = STDOUT_FILENO) throws(CommandError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw .failure("cannot write the output: \(String(cString: strerror(errno)))")
            }
            rest = rest.dropFirst(count)
        }
    }
}

/// Prints a line, unbuffered, so that lines stay whole and in order in a pipe too.
func say(_ line: String, to descriptor: Int32 = STDOUT_FILENO) {
    // Write errors, such as a closed pipe, are ignored: the work is done.
    try? File.write(Array((line + "\n").utf8), to: descriptor)
}
