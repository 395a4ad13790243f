// SPDX-License-Identifier: Apache-2.0
import Crypto
import Foundation
import HTTP
import MediaFiles
import Support
import Testing

@testable import ObjectStorage

@Suite("Media assets in a bucket")
struct BucketStorageTests {
    private static let texts = ["original": "abc", "320.jpg": "d"]

    private static func expected(
        _ folder: String, _ texts: [String: String] = texts
    ) -> ExpectedFolder {
        ExpectedFolder(
            name: folder,
            files: texts.sorted { $0.key < $1.key }.map {
                ExpectedFile(name: $0.key, bytes: $0.value.utf8.count, checksum: sha256($0.value.utf8))
            })
    }

    private static func write(_ folder: String, to storage: any MediaStorage) async throws {
        try await storage.write(folder) { path in
            for (name, text) in texts { try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)")) }
        }
    }

    private static func names(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    @Test("Files are objects below the prefix, can be read, and go with their folder")
    func life() async throws {
        try await withBucket { bucket, storage, _ in
            try await Self.write("one", to: storage)
            #expect(bucket.objects.keys.sorted() == ["live/one/320.jpg", "live/one/original"])
            #expect(try await storage.open("original", in: "one").size == 3)
            #expect(try await storage.folders().map(\.name) == ["one"])
            try await storage.remove("one")
            #expect(bucket.objects.isEmpty)
            let error = await #expect(throws: FileError.self) {
                try await storage.open("original", in: "one")
            }
            #expect(error?.isMissing == true)
        }
    }

    @Test("Lists of several pages are read to their end, without what is not of this program")
    func pages() async throws {
        try await withBucket(FakeBucket(pageSize: 2)) { bucket, storage, _ in
            for folder in 0..<4 { bucket.objects["live/\(folder)/original"] = [1, 2] }
            bucket.objects["live/readme.txt"] = [1]
            bucket.objects["live/a/b/c"] = [1]
            bucket.objects["other/0/original"] = [1]
            var pages: [[StoredFile]] = []
            try await storage.list { pages.append($0) }
            #expect(
                pages.flatMap { $0 }
                    == (0..<4).map { StoredFile(folder: "\($0)", name: "original", bytes: 2) })
            #expect(pages.count == 3 && pages.allSatisfy { $0.count <= 2 })
            #expect(bucket.requests.count == 3)
        }
    }

    @Test("An error names bucket, key and status, and no credentials")
    func errors() async throws {
        try await withBucket { bucket, storage, _ in
            bucket.fail("GET live/one/original", FakeBucket.error(.forbidden, "AccessDenied"))
            bucket.fail("PUT live/one/original", Response(Status(502), body: Array("AKIDSHOWN".utf8)))
            let reading = await #expect(throws: FileError.self) {
                try await storage.open("original", in: "one")
            }
            #expect(
                reading?.description
                    == "GET s3://news/live/one/original: the object storage answers 403 (AccessDenied: It is not to be.)"
            )
            let writing = await #expect(throws: FileError.self) { try await Self.write("one", to: storage) }
            #expect(
                writing?.description == "PUT s3://news/live/one/original: the object storage answers 502")
            #expect(bucket.objects.isEmpty)
        }
    }

    @Test("A file that is missing, cut or changed is named, and so is what nothing expects")
    func faults() async throws {
        try await withBucket { bucket, storage, _ in
            for folder in ["one", "two", "three", "four"] { try await Self.write(folder, to: storage) }
            try await storage.write("stray") { try Data("x".utf8).write(to: URL(filePath: $0 + "/original")) }
            bucket.objects["live/one/original"] = nil
            bucket.objects["live/two/original"] = Array("ab".utf8)
            bucket.objects["live/three/original"] = Array("abd".utf8)
            bucket.objects["live/three/note"] = [1]
            let expected = ["one", "two", "three", "four", "five"].map { Self.expected($0) }
            let inventory = try await MediaInventory(of: expected, in: storage)
            #expect(
                inventory.faults.map(\.description) == [
                    "five/320.jpg is missing", "five/original is missing", "one/original is missing",
                    "two/original has 2 bytes instead of 3",
                ])
            #expect(inventory.strays == ["stray", "three/note"])
            // Past the copies that the writes have left.
            await storage.forgetCopies(exceptOf: [])
            let read = await storage.faults(of: [Self.expected("three"), Self.expected("four")])
            #expect(read.map(\.description) == ["three/original has other bytes than it was stored with"])
        }
    }

    @Test("Folders are copied between folder and bucket, and to another bucket, with their bytes")
    func copies() async throws {
        try await withBucket { first, source, place in
            try await withBucket { second, target, _ in
                let folder = FolderStorage(path: place.file("media"))
                try folder.prepare()
                try await Self.write("one", to: folder)
                let expected = [Self.expected("one")]
                for (from, to) in [(folder, source), (source, target)]
                    as [(any MediaStorage, any MediaStorage)]
                {
                    #expect(try await MediaCopy(from: from, to: to, comparing: .bytes).run(expected) == [])
                }
                #expect(
                    first.objects == second.objects
                        && second.objects["live/one/original"] == Array("abc".utf8))
                let back = FolderStorage(path: place.file("back"))
                try back.prepare()
                #expect(try await MediaCopy(from: target, to: back, comparing: .bytes).run(expected) == [])
                #expect(await back.faults(of: expected) == [])
                #expect(try Self.names(back.path) == ["one"])
            }
        }
    }

    @Test("A copy that is repeated goes on with what is not there, and replaces what is incomplete")
    func resumes() async throws {
        try await withBucket { bucket, storage, place in
            let source = FolderStorage(path: place.file("media"))
            try source.prepare()
            for folder in ["one", "two", "three"] { try await Self.write(folder, to: source) }
            let expected = ["one", "two", "three"].map { Self.expected($0) }
            try await Self.write("one", to: storage)
            // Of a copy that was killed.
            bucket.objects["live/two/original"] = Array("ab".utf8)
            let before = bucket.requests.count
            var steps: [Int] = []
            let copy = MediaCopy(from: source, to: storage, comparing: .bytes)
            #expect(try await copy.run(expected, onFolder: { steps.append($0) }) == [])
            #expect(steps == [1, 2, 3])
            #expect(!bucket.requests[before...].contains { $0.hasPrefix("PUT /news/live/one/") })
            #expect(try await MediaInventory(of: expected, in: storage).faults == [])
            #expect(bucket.objects["live/two/original"] == Array("abc".utf8))
        }
    }

    @Test("What is damaged at its source is not copied, and named; a storage that refuses ends the copy")
    func refusals() async throws {
        try await withBucket { bucket, storage, place in
            for folder in ["one", "two"] { try await Self.write(folder, to: storage) }
            bucket.objects["live/two/original"] = Array("abd".utf8)
            let target = FolderStorage(path: place.file("media"))
            try target.prepare()
            let expected = ["one", "two", "three"].map { Self.expected($0) }
            let copy = MediaCopy(from: storage, to: target, comparing: .sizes)
            #expect(
                try await copy.run(expected).map(\.description) == [
                    "three/320.jpg is missing", "three/original is missing",
                    "two/original has other bytes than it was stored with",
                ])
            #expect(try Self.names(target.path) == ["one"])
            bucket.fail("GET live/two/original", FakeBucket.error(.forbidden, "AccessDenied"))
            let error = await #expect(throws: FileError.self) { try await copy.run(expected) }
            #expect(error?.description.contains("GET s3://news/live/two/original") == true)
            #expect(try Self.names(target.path) == ["one"])
        }
    }

    @Test("Eight files are sent at a time, and not more")
    func concurrency() async throws {
        try await withBucket { bucket, storage, place in
            let source = FolderStorage(path: place.file("media"))
            try source.prepare()
            let folders = (0..<20).map { "folder\($0)" }
            for folder in folders { try await Self.write(folder, to: source) }
            bucket.holdUploads(until: 8)
            let copy = MediaCopy(from: source, to: storage, comparing: .sizes)
            #expect(try await copy.run(folders.map { Self.expected($0) }) == [])
            #expect(bucket.mostAtOnce == 8 && bucket.objects.count == 40)
        }
    }

    @Test("A temporary folder of copies goes with its storage, or with the next one after a kill")
    func temporary() async throws {
        let (bucket, place) = (FakeBucket(), try TemporaryFolder())
        bucket.objects["live/one/original"] = Array("abc".utf8)
        // What a killed process leaves: no lock, copies, and the folder of an upload.
        let left = place.file("copies-0/.new-two")
        try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: true)
        try Data("a".utf8).write(to: URL(filePath: left + "/original"))
        try Data("a".utf8).write(to: URL(filePath: place.file("copies-0/one~original")))
        try await withServer(of: bucket, cache: place.file("copies-1")) { settings in
            var settings = settings
            (settings.isTemporary, settings.cacheBytes) = (true, 0)
            var storage: BucketStorage? = BucketStorage(settings, userAgent: "test")
            // Twice, as a copy to a storage prepares it once more.
            for _ in 0..<2 { try storage?.prepare() }
            #expect(try await storage?.open("original", in: "one").size == 3)
            settings.cacheFolder = place.file("copies-2")
            var other: BucketStorage? = BucketStorage(settings, userAgent: "test")
            try other?.prepare()
            #expect(try Self.names(place.path) == ["copies-1", "copies-2"])
            (storage, other) = (nil, nil)
            try await until { (try? Self.names(place.path)) == [] }
        }
    }
}
