// SPDX-License-Identifier: Apache-2.0
internal import Glibc
public import HTTP
public import MediaFiles
internal import Synchronization

/// Media assets as objects `<prefix><folder>/<file>` of a bucket. Several servers may share it, each with a cache on its own disk.
///
/// The objects of a folder do not appear atomically. That is harmless: no row refers to a folder before its writer has returned, and the
/// sweep removes what an interrupted writer leaves.
public final class BucketStorage: MediaStorage {
    private let client: BucketClient
    private let prefix: String
    private let cache: FileCache
    /// Single flight: the first who misses an object fetches it, the others wait for it.
    private let fetches = Mutex<[String: Task<Result<FileBody, FileError>, Never>]>([:])

    /// A storage in this bucket; see ``prepare()``. `userAgent` is that of its requests.
    public init(_ settings: BucketSettings, userAgent: String) {
        (client, prefix) = (BucketClient(settings, userAgent: userAgent), settings.address.prefix)
        cache = FileCache(path: settings.cacheFolder, limit: settings.cacheBytes)
    }

    /// Creates the folder of the cache, or empties it. Blocks.
    public func prepare() throws(FileError) {
        try FolderStorage(path: cache.path).prepare()
        for name in try FolderEntries.names(in: cache.path) {
            let place = cache.place(of: name)
            guard Self.isOurs(name) else {
                throw FileError(
                    call: "unlink", code: ENOTEMPTY,
                    detail: "\(name) is no copy of an object; name an empty folder")
            }
            if FolderEntries.facts(of: place)?.isFolder == true {
                try FolderEntries.removeFolder(place)
            } else {
                unlink(place)
            }
        }
    }

    /// Whether a name in the cache's folder is that of a copy, a download or an upload.
    private static func isOurs(_ name: String) -> Bool {
        [newPrefix, getPrefix].contains { name.utf8.starts(with: $0.utf8) }
            || name.utf8.contains(UInt8(ascii: "~"))
    }

    private static let newPrefix = ".new-"
    private static let getPrefix = ".get-"

    /// Asks for the list of objects, to learn early whether the bucket can be reached and read.
    public func check() async throws(FileError) { try await client.list("-") { _ in } }

    /// Has a folder filled on the local disk, and stores its files as objects.
    public func write<Result: Sendable>(
        _ folder: String, _ fill: (_ path: String) async throws -> Result
    ) async throws -> Result {
        let draft = cache.place(of: Self.newPrefix + folder)
        guard mkdir(draft, 0o700) == 0 else { throw FileError(call: "mkdir", code: errno) }
        do {
            let result = try await fill(draft)
            try await store(draft, as: folder)
            // Best effort: what is left in the cache's folder is removed at the next start.
            try? await BlockingWork.run { () throws(FileError) in try FolderEntries.removeFolder(draft) }
            return result
        } catch {
            // Best effort: the first error is reported; the sweep removes objects without a row.
            try? await BlockingWork.run { () throws(FileError) in try FolderEntries.removeFolder(draft) }
            try? await remove(folder)
            throw error
        }
    }

    private func store(_ draft: String, as folder: String) async throws {
        let names = try await BlockingWork.run { () throws(FileError) in try FolderEntries.names(in: draft) }
        for name in names {
            let path = "\(draft)/\(name)"
            let facts = try await FileDigest.facts(ofFile: path)
            try await client.put(
                try FileBody(path: path), checksum: facts.checksum, type: Self.type(of: name),
                as: "\(folder)/\(name)")
            // Readers will ask for it soon.
            try await BlockingWork.run { [cache] () throws(FileError) in
                try cache.add(path, as: "\(folder)~\(name)")
            }
        }
    }

    /// For people who look into the bucket; this server has types in its database.
    private static func type(of name: String) -> String {
        let suffixes = [".webp": "image/webp", ".jpg": "image/jpeg"]
        return suffixes.first { name.utf8.reversed().starts(with: $0.key.utf8.reversed()) }?.value
            ?? "application/octet-stream"
    }

    /// Opens the copy of an object, which is fetched if it is not there.
    public func open(_ file: String, in folder: String) async throws(FileError) -> FileBody {
        let name = "\(folder)~\(file)"
        if let body = await BlockingWork.run({ [cache] in cache.open(name) }) { return body }
        return try await fetch("\(folder)/\(file)", as: name).get()
    }

    private func fetch(_ key: String, as name: String) async -> Result<FileBody, FileError> {
        let task = fetches.withLock { fetches in
            if let running = fetches[name] { return running }
            let task = Task { [self] in
                let result = await download(key, as: name)
                self.fetches.withLock { $0[name] = nil }
                return result
            }
            fetches[name] = task
            return task
        }
        return await task.value
    }

    private func download(_ key: String, as name: String) async -> Result<FileBody, FileError> {
        let path = cache.place(of: Self.getPrefix + name)
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            // Not ENOENT, which would mean that there is no such object.
            let why = String(cString: strerror(errno))
            return .failure(
                FileError(call: "open", code: EIO, detail: "no copy can be made in \(cache.path): \(why)"))
        }
        defer { close(descriptor) }
        do throws(FileError) {
            try await client.get(key, into: descriptor)
            return .success(
                try await BlockingWork.run { [cache] () throws(FileError) in
                    // Before it may be evicted again.
                    let body = try FileBody(path: path)
                    try cache.add(path, as: name)
                    return body
                })
        } catch {
            unlink(path)
            return .failure(error)
        }
    }

    /// Removes the objects of a folder, and copies of them; a fetch that is under way ends first.
    public func remove(_ folder: String) async throws(FileError) {
        var names: [String] = []
        try await client.list(folder + "/") { names += $0.map(Self.name) }
        for name in names { try await client.delete(folder + "/" + name) }
        let beginning = Array("\(folder)~".utf8)
        let running = fetches.withLock { $0.filter { $0.key.utf8.starts(with: beginning) }.map(\.value) }
        for task in running { _ = await task.value }
        await forgetCopies { $0.utf8.starts(with: beginning) }
    }

    private static func name(of object: BucketListing.Object) -> String {
        let key = object.key.utf8
        let start = key.lastIndex(of: UInt8(ascii: "/")).map(key.index(after:)) ?? key.startIndex
        return String(object.key[start...])
    }

    /// All folders, as old as the youngest of their objects.
    public func folders() async throws(FileError) -> [StoredFolder] {
        var ages: [String: Int] = [:]
        try await client.list("") { page in
            for object in page {
                guard let folder = folder(of: object) else { continue }
                ages[folder] = max(ages[folder] ?? 0, object.modifiedAt)
            }
        }
        return ages.map { StoredFolder(name: $0.key, writtenAt: $0.value) }
    }

    /// The folder of an object `<prefix><folder>/<file>`; `nil` for any other, which is not this program's.
    private func folder(of object: BucketListing.Object) -> String? {
        let parts = object.key.utf8.dropFirst(prefix.utf8.count)
            .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.count == 2 ? String(decoding: Array(parts[0]), as: UTF8.self) : nil
    }

    /// Nothing: what writers leave are folders like all others, and have no rows.
    public func removeAbandoned() async throws(FileError) {}

    /// Removes copies of folders other than these from the local disk.
    public func forgetCopies(exceptOf folders: Set<String>) async {
        await forgetCopies { name in
            let folder = name.utf8.prefix { $0 != UInt8(ascii: "~") }
            return !folders.contains(String(decoding: Array(folder), as: UTF8.self))
        }
    }

    private func forgetCopies(_ isForgotten: @escaping @Sendable (String) -> Bool) async {
        await BlockingWork.run { [cache] in cache.remove(where: isForgotten) }
    }
}
