// SPDX-License-Identifier: Apache-2.0
internal import Glibc
public import HTTP

extension FolderStorage {
    /// Whether there is a folder of this name.
    public func has(_ folder: String) -> Bool { FolderEntries.facts(of: place(of: folder))?.isFolder == true }

    /// Copies a folder to another storage, durably, unless it has it. Files are linked where both are on one file system and belong to one
    /// owner, which takes no room; as files never change, that is as good as a copy. Run as root, it gives copies to the owner of the
    /// target. Blocks.
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
                let file = place(of: name, in: folder)
                // A link has the owner of the file: to give it away would take the file from those who use it.
                if owner?.owns(file) ?? true, try Self.link(file, to: copy) { continue }
                try Self.copyFile(file, to: copy)
                try owner?.give(copy)
            }
            try draft.publish()
        } catch {
            // Best effort: the first error is reported, and an abandoned draft is removed at the next start.
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

    /// Links a file; returns false where that is not possible.
    private static func link(_ source: String, to target: String) throws(FileError) -> Bool {
        if Glibc.link(source, target) == 0 { return true }
        // Another file system; one without hard links; too many links; files of another user (fs.protected_hardlinks).
        guard [EXDEV, EPERM, EMLINK, EOPNOTSUPP, EACCES].contains(errno) else {
            throw FileError(call: "link", code: errno)
        }
        return false
    }

    private static func copyFile(_ source: String, to target: String) throws(FileError) {
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

    func owns(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_uid == user && facts.st_gid == group
    }

    func give(_ path: String) throws(FileError) {
        guard chown(path, user, group) == 0 else { throw FileError(call: "chown", code: errno) }
    }
}
