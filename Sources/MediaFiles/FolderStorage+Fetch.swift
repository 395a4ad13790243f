// SPDX-License-Identifier: Apache-2.0
internal import Glibc
public import HTTP

extension FolderStorage {
    /// Links a file, which takes no room, or copies it where that is not possible. As files never change, a link is as good as a copy.
    public func fetch(_ file: String, in folder: String, to path: String) async throws(FileError) -> Bool {
        try await BlockingWork.run { () throws(FileError) in
            let source = place(of: file, in: folder)
            if link(source, path) == 0 { return true }
            // Another file system; one without hard links; too many links; files of another user (fs.protected_hardlinks).
            guard [EXDEV, EPERM, EMLINK, EOPNOTSUPP, EACCES].contains(errno) else {
                throw FileError(call: "link", code: errno)
            }
            try FolderEntries.copyFile(source, to: path)
            return false
        }
    }
}

extension FolderEntries {
    /// Copies a file to a path where nothing is.
    static func copyFile(_ source: String, to target: String) throws(FileError) {
        let file = try FileBody(path: source)
        let descriptor = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError(call: "open", code: errno) }
        defer { close(descriptor) }
        var offset: off_t = 0
        while offset < off_t(file.size) {
            let count = sendfile(descriptor, file.descriptor, &offset, file.size - Int(offset))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError(call: "sendfile", code: count == 0 ? 0 : errno) }
        }
    }
}
