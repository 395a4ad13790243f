// SPDX-License-Identifier: Apache-2.0
internal import HTTP

/// A file as it must be.
public struct ExpectedFile: Hashable, Sendable {
    /// Its name in the folder.
    public var name: String
    /// Its size in bytes.
    public var bytes: Int
    /// Its SHA-256.
    public var checksum: [UInt8]

    /// Memberwise.
    public init(name: String, bytes: Int, checksum: [UInt8]) {
        (self.name, self.bytes, self.checksum) = (name, bytes, checksum)
    }
}

extension FolderStorage {
    /// Compares the files of a folder with what they must be, and says what is wrong: of each file whether it is missing, has another size,
    /// or other bytes. Blocks.
    public func faults(of folder: String, _ files: [ExpectedFile]) -> [String] {
        files.compactMap { file in
            let place = "\(folder)/\(file.name)"
            do throws(FileError) {
                let found = try FileDigest.factsNow(ofFile: self.place(of: file.name, in: folder))
                if found.bytes != file.bytes {
                    return "\(place) has \(found.bytes) bytes instead of \(file.bytes)"
                }
                return found.checksum == file.checksum
                    ? nil : "\(place) has other bytes than it was stored with"
            } catch {
                return error.isMissing ? "\(place) is missing" : "\(place) cannot be read: \(error)"
            }
        }
    }
}
