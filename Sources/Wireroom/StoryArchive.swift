// SPDX-License-Identifier: Apache-2.0
internal import API
internal import Crypto
internal import Glibc
internal import HTTP
internal import JSON
internal import MediaFiles
internal import Stories
internal import StoryTables

/// A story with the files of its pictures in a tar archive: `story.json`, the document, and for each picture a folder `media/<id>` with
/// `asset.json`, which describes it, and its files.
struct StoryArchive {
    private let store: TableStore
    private let storage: any MediaStorage

    private static let documentName = "story.json"
    private static let assetName = "asset.json"
    /// Of a document, as much as the program exports.
    private static let documentBytes = 1 << 30
    private static let assetBytes = 64 * 1_024

    init(_ store: TableStore, _ storage: any MediaStorage) { (self.store, self.storage) = (store, storage) }

    // MARK: Writing

    /// Writes a document and its pictures; returns how many these are.
    func write(_ document: StoryDocument, to descriptor: Int32) async throws(CommandError) -> Int {
        let tar = TarWriter(to: descriptor)
        try files("the archive") { () throws(FileError) in try tar.add(Self.documentName, document.json()) }
        var count = 0
        for id in document.assets.sorted() {
            guard let asset = try await asset(id) else { continue }
            let opened = try await open(asset)
            try files("the archive") { () throws(FileError) in
                let folder = "media/\(id)"
                try tar.add(
                    "\(folder)/\(Self.assetName)", JSONWriter.line(of: ArchivedAsset(asset), capacity: 4_096))
                for (name, file) in opened { try tar.add("\(folder)/\(name)", file) }
            }
            count += 1
        }
        try files("the archive") { () throws(FileError) in try tar.finish() }
        return count
    }

    /// Opens the files of a picture, which must be as they were stored: an import would refuse others.
    private func open(_ asset: MediaAsset) async throws(CommandError) -> [(name: String, file: FileBody)] {
        var (opened, faults) = ([String: FileBody](), [MediaFault]())
        await ParallelWork.run(asset.expected.files) { [storage] file in
            do throws(MediaFault) {
                return Result<(String, FileBody), MediaFault>.success(
                    (file.name, try await storage.open(file, in: asset.folder)))
            } catch {
                return .failure(error)
            }
        } each: { result in
            switch result {
            case .success(let (name, file)): opened[name] = file
            case .failure(let fault): faults.append(fault)
            }
            return true
        }
        guard faults.isEmpty else {
            let list = faults.map(\.description).sorted().joined(separator: "; ")
            throw .failure("picture \(asset.id) in \(storage): \(list)")
        }
        return asset.variants.compactMap { variant in opened[variant.name].map { (variant.name, $0) } }
    }

    private func asset(_ id: Identifier) async throws(CommandError) -> MediaAsset? {
        try await domain { () async throws(StoryError) in
            do throws(StoryError) {
                return try await store.media(id)
            } catch .notFound {
                // A body may name any address.
                return nil
            }
        }
    }

    // MARK: Reading

    /// Adds the pictures of an archive, and returns the bytes of its document, with the number of pictures.
    func read(from descriptor: Int32) async throws(CommandError) -> (document: [UInt8], pictures: Int) {
        do {
            let tar = TarReader(from: descriptor)
            var (document, pictures): ([UInt8]?, Int) = (nil, 0)
            while let entry = try tar.peek() {
                if let id = Self.picture(entry.name) {
                    try await addPicture(id, from: tar)
                    pictures += 1
                } else {
                    _ = try tar.take()
                    if entry.name == Self.documentName {
                        document = try tar.content(atMost: Self.documentBytes)
                    }
                }
            }
            guard let document else { throw CommandError.failure("the archive has no \(Self.documentName)") }
            return (document, pictures)
        } catch let error as CommandError {
            throw error
        } catch {
            throw .failure("the archive: \(error)")
        }
    }

    /// The picture to whose folder a file belongs.
    private static func picture(_ name: String) -> Identifier? {
        let parts = name.split(separator: "/")
        return parts.count == 3 && parts[0] == "media" ? Identifier(parts[1]) : nil
    }

    /// Adds a picture, whose files follow one another. They are taken only if they are what `asset.json` says.
    private func addPicture(_ id: Identifier, from tar: TarReader) async throws {
        let folder = hexadecimal(randomBytes(16))
        let asset = try await storage.write(folder) { path in
            var asset: MediaAsset?
            while let entry = try tar.peek(), Self.picture(entry.name) == id {
                _ = try tar.take()
                let name = entry.name.split(separator: "/")[2]
                if name == Self.assetName {
                    asset = MediaAsset(
                        archived: try tar.content(atMost: Self.assetBytes), id: id, folder: folder)
                } else if MediaAsset.everyName.contains(String(name)) {
                    try tar.extract(to: "\(path)/\(name)")
                }
            }
            guard let asset else {
                throw CommandError.failure("the archive has no valid media/\(id)/\(Self.assetName)")
            }
            let expected = ExpectedFolder(name: ".", files: asset.expected.files)
            let faults = await FolderStorage(path: path).faults(of: [expected])
            guard faults.isEmpty else {
                let list = faults.map(\.description).joined(separator: "; ")
                throw CommandError.failure("picture \(id) in the archive: \(list)")
            }
            return asset
        }
        let stored = try await domain { () async throws(StoryError) in
            try await store.addMedia(asset, idempotency: nil, access: operatorAccess)
        }
        if stored.folder != folder { try await storage.remove(folder) }
    }
}

extension StoryDocument {
    /// The ids of all pictures that it refers to.
    var assets: Set<Identifier> {
        updates.reduce(into: content.assets) { $0.formUnion($1.content.assets) }
    }
}

extension MediaAsset {
    /// The names that files of an asset can have.
    fileprivate static let everyName =
        [MediaVariant.original]
        + widths.flatMap { width in MediaVariant.Format.allCases.map { MediaVariant.name(width: width, $0) } }
}

/// An asset as it is described in an archive.
private struct ArchivedAsset: JSONWritable {
    let asset: MediaAsset

    init(_ asset: MediaAsset) { self.asset = asset }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("type", asset.type.rawValue)
            writer.member("width", asset.width)
            writer.member("height", asset.height)
            writer.member("color", asset.color)
            writer.member("animated", asset.isAnimated)
            writer.member("files") { writer in
                writer.array { writer in
                    for variant in asset.variants {
                        writer.object {
                            $0.member("name", variant.name)
                            $0.member("type", variant.type.rawValue)
                            $0.member("bytes", variant.bytes)
                            $0.member("sha256", base64(variant.checksum))
                        }
                    }
                }
            }
        }
    }
}

extension MediaAsset {
    /// Reads ``ArchivedAsset``; `nil` if it is another, or not of this asset's form.
    fileprivate init?(archived json: [UInt8], id: Identifier, folder: String) {
        guard let value = try? JSONValue(parsing: json), case .string(let type)? = value["type"],
            let type = MediaType(rawValue: type), let width = value["width"]?.integer, width > 0,
            let height = value["height"]?.integer, height > 0, case .string(let color)? = value["color"],
            case .bool(let isAnimated)? = value["animated"], case .array(let list)? = value["files"]
        else { return nil }
        let variants = list.compactMap { MediaVariant(archived: $0) }
        guard let original = variants.first(where: { $0.name == MediaVariant.original }) else { return nil }
        self.init(
            id: id, type: type, bytes: original.bytes, width: width, height: height, color: color,
            isAnimated: isAnimated, folder: folder, variants: variants, createdAt: .now)
        // All of its files, and no others.
        guard Self.isColor(color), variants.count == list.count,
            variants.map(\.name).sorted() == variantNames.sorted()
        else { return nil }
    }

    private static func isColor(_ text: String) -> Bool {
        text.utf8.count == 7 && text.utf8.first == UInt8(ascii: "#")
            && text.utf8.dropFirst().allSatisfy { "0123456789abcdef".utf8.contains($0) }
    }
}

extension MediaVariant {
    fileprivate init?(archived value: JSONValue) {
        guard case .string(let name)? = value["name"], case .string(let type)? = value["type"],
            let type = MediaType(rawValue: type), let count = value["bytes"]?.integer, count > 0,
            case .string(let digest)? = value["sha256"], let checksum = Crypto.bytes(ofBase64: digest),
            checksum.count == 32
        else { return nil }
        self.init(name: name, type: type, bytes: count, checksum: checksum)
    }
}
