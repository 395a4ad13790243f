// SPDX-License-Identifier: Apache-2.0
internal import Glibc
package import HTTP

/// Calls on folders. They block.
package enum FolderEntries {
    /// The names in a folder, without those of itself and its parent; none if it is not there.
    package static func names(in path: String) throws(FileError) -> [String] {
        guard let folder = opendir(path) else {
            if errno == ENOENT { return [] }
            throw FileError(call: "opendir", code: errno)
        }
        defer { closedir(folder) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(folder) else {
                guard errno == 0 else { throw FileError(call: "readdir", code: errno) }
                return names
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
    }

    /// What is at a path.
    package static func facts(of path: String) -> (isFolder: Bool, bytes: Int, modifiedAt: Int)? {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { return nil }
        return (facts.st_mode & S_IFMT == S_IFDIR, Int(facts.st_size), facts.st_mtim.tv_sec)
    }

    /// Removes a folder of files. One that is not there is no error.
    package static func removeFolder(_ path: String) throws(FileError) {
        for name in try names(in: path) {
            guard unlink("\(path)/\(name)") == 0 || errno == ENOENT else {
                throw FileError(call: "unlink", code: errno)
            }
        }
        guard rmdir(path) == 0 || errno == ENOENT else { throw FileError(call: "rmdir", code: errno) }
    }

    /// Makes the contents of a file, or the entries of a folder, durable.
    package static func sync(_ path: String) throws(FileError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(call: "open", code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError(call: "fsync", code: errno) }
    }
}
