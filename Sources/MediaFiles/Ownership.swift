// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import HTTP

/// The owner of a folder, to whom root gives what it puts there, as the server may run as another user than a command. Calls block.
struct Ownership {
    private let user: uid_t
    private let group: gid_t

    /// `nil` unless this is root.
    init?(of folder: String) {
        var facts = stat()
        guard geteuid() == 0, stat(folder, &facts) == 0 else { return nil }
        (user, group) = (facts.st_uid, facts.st_gid)
    }

    /// Gives a folder with the files in it.
    func giveFolder(_ path: String) throws(FileError) {
        try give(path)
        for name in try FolderEntries.names(in: path) { try giveFile("\(path)/\(name)") }
    }

    /// A file that has another name elsewhere is copied: to give it away would take it from those who use it there.
    private func giveFile(_ path: String) throws(FileError) {
        var facts = stat()
        guard stat(path, &facts) == 0 else { throw FileError(call: "stat", code: errno) }
        if facts.st_uid == user, facts.st_gid == group { return }
        if facts.st_nlink > 1 {
            let copy = path + ".copy"
            try FolderEntries.copyFile(path, to: copy)
            guard rename(copy, path) == 0 else { throw FileError(call: "rename", code: errno) }
        }
        try give(path)
    }

    /// Gives a file or an empty folder.
    func give(_ path: String) throws(FileError) {
        guard chown(path, user, group) == 0 else { throw FileError(call: "chown", code: errno) }
    }
}
