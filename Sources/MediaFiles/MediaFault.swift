// SPDX-License-Identifier: Apache-2.0
public import HTTP

/// A folder as it must be.
public struct ExpectedFolder: Hashable, Sendable {
    /// Its name in the storage.
    public var name: String
    /// Its files.
    public var files: [ExpectedFile]

    /// Memberwise.
    public init(name: String, files: [ExpectedFile]) { (self.name, self.files) = (name, files) }
}

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

/// What is wrong with a folder of a storage: a sentence without a full stop, which names the file.
public struct MediaFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The folder.
    public let folder: String
    /// The sentence.
    public let description: String

    init(_ folder: String, _ description: String) { (self.folder, self.description) = (folder, description) }

    static func missing(_ file: ExpectedFile, in folder: String) -> MediaFault {
        MediaFault(folder, "\(folder)/\(file.name) is missing")
    }

    /// `nil` if the size is right.
    static func size(_ bytes: Int, of file: ExpectedFile, in folder: String) -> MediaFault? {
        bytes == file.bytes
            ? nil : MediaFault(folder, "\(folder)/\(file.name) has \(bytes) bytes instead of \(file.bytes)")
    }

    /// `nil` if the checksum is right.
    static func checksum(_ checksum: [UInt8], of file: ExpectedFile, in folder: String) -> MediaFault? {
        checksum == file.checksum
            ? nil : MediaFault(folder, "\(folder)/\(file.name) has other bytes than it was stored with")
    }
}

extension MediaStorage {
    /// Opens a file whose size and SHA-256 are right; it is read to its end.
    public func open(_ file: ExpectedFile, in folder: String) async throws(MediaFault) -> FileBody {
        do {
            let body = try await open(file.name, in: folder)
            if let fault = MediaFault.size(body.size, of: file, in: folder) { throw fault }
            let checksum = try await FileDigest.sha256(of: body.descriptor, 0..<body.size)
            if let fault = MediaFault.checksum(checksum, of: file, in: folder) { throw fault }
            return body
        } catch let fault as MediaFault {
            throw fault
        } catch let error as FileError where error.isMissing {
            throw .missing(file, in: folder)
        } catch {
            throw MediaFault(folder, "\(folder)/\(file.name) cannot be read: \(error)")
        }
    }

    /// Reads all files of folders, a few at a time, and says what is wrong with them. `onFolder` is called after each.
    public func faults(
        of folders: [ExpectedFolder], onFolder: () -> Void = {}
    ) async -> [MediaFault] {
        var faults: [MediaFault] = []
        await ParallelWork.run(folders) { folder in
            var found: [MediaFault] = []
            for file in folder.files {
                do throws(MediaFault) { _ = try await open(file, in: folder.name) } catch {
                    found.append(error)
                }
            }
            return found
        } each: { found in
            faults += found
            onFolder()
            return true
        }
        return faults.sorted { $0.description < $1.description }
    }
}
