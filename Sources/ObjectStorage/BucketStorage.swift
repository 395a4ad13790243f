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
    private let address: BucketAddress
    private let cache: FileCache
    /// Single flight: the first who misses an object fetches it, the others wait for it.
    private let fetches = Mutex<[String: Task<Result<FileBody, FileError>, Never>]>([:])

    /// A storage in this bucket; see ``prepare()``. `userAgent` is that of its requests.
    public init(_ settings: BucketSettings, userAgent: String) {
        (client, address) = (BucketClient(settings, userAgent: userAgent), settings.address)
        cache = FileCache(
            path: settings.cacheFolder, limit: settings.cacheBytes, isTemporary: settings.isTemporary)
    }

    /// The address, `s3://bucket/prefix/`.
    public var description: String { address.description }

    /// Each upload is verified by its SHA-256.
    public var verifiesChecksums: Bool { true }

    /// Creates the folder of the cache, or empties it. Blocks.
    public func prepare() throws(FileError) {
        try FolderStorage(path: cache.path).prepare()
        if let name = try FolderEntries.names(in: cache.path).first(where: { !Self.isOurs($0) }) {
            throw FileError(
                call: "unlink", code: ENOTEMPTY,
                detail: "\(name) is no copy of an object; name an empty folder")
        }
        try FileCache.empty(cache.path)
        try cache.takeTemporaryFolder()
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

    /// Files are sent a few at a time.
    private func store(_ draft: String, as folder: String) async throws(FileError) {
        let names = try await BlockingWork.run { () throws(FileError) in try FolderEntries.names(in: draft) }
        var failure: FileError?
        await ParallelWork.run(names) { [self] name in
            do throws(FileError) {
                try await store("\(draft)/\(name)", as: name, in: folder)
                return FileError?.none
            } catch {
                return error
            }
        } each: { error in
            failure = failure ?? error
            return failure == nil
        }
        if let failure { throw failure }
    }

    private func store(_ path: String, as name: String, in folder: String) async throws(FileError) {
        let facts = try await FileDigest.facts(ofFile: path)
        try await client.put(
            try FileBody(path: path), checksum: facts.checksum, type: Self.type(of: name),
            as: "\(folder)/\(name)")
        // Readers will ask for it soon.
        try await BlockingWork.run { [cache] () throws(FileError) in
            try cache.add(path, as: "\(folder)~\(name)")
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
        do throws(FileError) {
            try await download(key, to: path)
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

    private func download(_ key: String, to path: String) async throws(FileError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            // Not ENOENT, which would mean that there is no such object.
            let why = String(cString: strerror(errno))
            throw FileError(call: "open", code: EIO, detail: "no copy can be made at \(path): \(why)")
        }
        defer { close(descriptor) }
        try await client.get(key, into: descriptor)
    }

    /// Downloads an object past the cache.
    public func fetch(_ file: String, in folder: String, to path: String) async throws(FileError) -> Bool {
        try await download("\(folder)/\(file)", to: path)
        return false
    }

    /// Whether the bucket has an object for each of these files. Objects appear whole, so that their sizes need not be looked at.
    public func isWhole(_ folder: String, _ files: [String: Int]) async throws(FileError) -> Bool {
        var missing = Set(files.keys.map { Array($0.utf8) })
        try await client.list(folder + "/") { missing.subtract($0.map { Array(Self.name(of: $0).utf8) }) }
        return missing.isEmpty
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
                guard let folder = file(of: object)?.folder else { continue }
                ages[folder] = max(ages[folder] ?? 0, object.modifiedAt)
            }
        }
        return ages.map { StoredFolder(name: $0.key, writtenAt: $0.value) }
    }

    /// All objects that can be files of media assets, as many to a page as the storage sends.
    public func list(_ take: ([StoredFile]) -> Void) async throws(FileError) {
        try await client.list("") { take($0.compactMap(file)) }
    }

    /// The file of an object `<prefix><folder>/<file>`; `nil` for any other, which is not this program's.
    private func file(of object: BucketListing.Object) -> StoredFile? {
        let parts = object.key.utf8.dropFirst(address.prefix.utf8.count)
            .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(decoding: Array($0), as: UTF8.self) }
        guard parts.count == 2 else { return nil }
        return StoredFile(folder: parts[0], name: parts[1], bytes: object.size)
    }

    /// The address of an object, or of those of a folder.
    public func place(of entry: String) -> String { "\(address)\(entry)" }

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
