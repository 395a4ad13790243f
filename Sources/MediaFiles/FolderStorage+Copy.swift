// SPDX-License-Identifier: Apache-2.0
internal import Glibc
public import HTTP

extension FolderStorage {
    /// Whether there is a folder of this name.
    public func has(_ folder: String) -> Bool { FolderEntries.facts(of: place(of: folder))?.isFolder == true }

    /// Copies a folder to another storage, durably, unless it has it. Files are linked where both are on one file system, which takes no
    /// room; as files never change, that is as good as a copy. Run as root, it gives the files to the owner of the target. Blocks.
    ///
    /// - Throws: what fails; ``HTTP/FileError/isMissing`` if the folder is not here.
    public func copy(_ folder: String, to target: FolderStorage) throws(FileError) {
        if target.has(folder) { return }
        guard has(folder) else { throw FileError(call: "opendir", code: ENOENT) }
        let draft = try FolderDraft(of: folder, in: target.path)
        do throws(FileError) {
            let owner = Ownership(of: target.path)
            try owner?.give(draft.path)
            for name in try FolderEntries.names(in: place(of: folder)) {
                let copy = "\(draft.path)/\(name)"
                try Self.copyFile(place(of: name, in: folder), to: copy)
                try owner?.give(copy)
            }
            try draft.publish()
        } catch {
            try? draft.remove()
            throw error
        }
    }

    /// Creates the folder, if it is not there; run as root, with the owner of the folder that it is in. Blocks.
    public func prepareForOwner() throws(FileError) {
        let isNew = FolderEntries.facts(of: path) == nil
        try prepare()
        guard isNew else { return }
        let parent = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? "."
        try Ownership(of: parent)?.give(path)
    }

    private static func copyFile(_ source: String, to target: String) throws(FileError) {
        if link(source, target) == 0 { return }
        // Another file system; one without links; too many links; files of somebody else (fs.protected_hardlinks).
        guard [EXDEV, EPERM, EMLINK, EOPNOTSUPP, EACCES].contains(errno) else {
            throw FileError(call: "link", code: errno)
        }
        let file = try FileBody(path: source)
        let descriptor = Glibc.open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
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

/// The owner of a folder, to whom root gives what it puts there.
private struct Ownership {
    private let user: uid_t
    private let group: gid_t

    /// `nil` unless this is root.
    init?(of folder: String) {
        var facts = stat()
        guard geteuid() == 0, stat(folder, &facts) == 0 else { return nil }
        (user, group) = (facts.st_uid, facts.st_gid)
    }

    func give(_ path: String) throws(FileError) {
        guard chown(path, user, group) == 0 else { throw FileError(call: "chown", code: errno) }
    }
}
