// SPDX-License-Identifier: Apache-2.0
import Crypto
import Foundation
import HTTP
import Support
import Testing

@testable import MediaFiles

@Suite("Media assets in a folder")
struct FolderStorageTests {
    private let place: TemporaryFolder
    private let storage: FolderStorage

    init() throws {
        place = try TemporaryFolder()
        storage = FolderStorage(path: place.file("media"))
        try storage.prepare()
    }

    private struct Stop: Error {}

    private func write(_ folder: String, _ files: [String: String] = ["original": "a"]) async throws {
        try await storage.write(folder) { path in
            for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)")) }
        }
    }

    private func names(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    @Test("A folder appears with all of its files, and can be read and removed")
    func life() async throws {
        try await write("one", ["original": "abc", "320.jpg": "d"])
        let file = try await storage.open("original", in: "one")
        #expect(file.size == 3 && !file.isRemoved)
        #expect(try await storage.folders().map(\.name) == ["one"])
        try await storage.remove("one")
        #expect(file.isRemoved)
        #expect(try await storage.folders().isEmpty)
        try await storage.remove("one")
        await #expect(throws: FileError(call: "open", code: ENOENT)) {
            try await storage.open("original", in: "one")
        }
    }

    @Test("Of a folder that could not be filled nothing is left")
    func failure() async throws {
        await #expect(throws: Stop.self) {
            try await storage.write("one") { path in
                try Data("a".utf8).write(to: URL(filePath: path + "/original"))
                throw Stop()
            }
        }
        #expect(try names(storage.path) == [])
    }

    @Test("A draft is removed once its writer has ended, and not before")
    func abandoned() async throws {
        let draft = try FolderDraft(of: "one", in: storage.path)
        try Data("a".utf8).write(to: URL(filePath: draft.path + "/original"))
        try await storage.removeAbandoned()
        #expect(try names(storage.path) == [".new-one"])
        #expect(try await storage.folders().isEmpty)
        // What a killed writer leaves: a folder without a lock.
        try FileManager.default.copyItem(atPath: draft.path, toPath: storage.path + "/.new-two")
        try await storage.removeAbandoned()
        #expect(try names(storage.path) == [".new-one"])
        try draft.publish()
        try await storage.removeAbandoned()
        #expect(try await storage.folders().map(\.name) == ["one"])
    }

    private func expected(_ folder: String, _ files: [String: String]) -> ExpectedFolder {
        ExpectedFolder(
            name: folder,
            files: files.sorted { $0.key < $1.key }.map {
                ExpectedFile(name: $0.key, bytes: $0.value.utf8.count, checksum: sha256($0.value.utf8))
            })
    }

    @Test("Folders are copied with their bytes, once, and also where links are impossible")
    func copies() async throws {
        let texts = ["original": "abc", "320.jpg": "d"]
        try await write("one", texts)
        let folders = [expected("one", texts), expected("two", ["original": "e"])]
        // Another file system.
        let memory = FolderStorage(path: "/dev/shm/wireroom-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(atPath: memory.path) }
        for target in [FolderStorage(path: place.file("copy")), memory] {
            try target.prepare()
            for _ in 0..<2 {
                let faults = try await MediaCopy(from: storage, to: target, comparing: .sizes).run(folders)
                #expect(faults.map(\.description) == ["two/original is missing"])
            }
            #expect(try names(target.path) == ["one"])
            #expect(await target.faults(of: [folders[0]]) == [])
        }
    }

    @Test(
        "A copy that has other bytes is replaced, if bytes are compared; a link with other bytes is not made")
    func damage() async throws {
        try await write("one", ["original": "abc"])
        try await write("two", ["original": "abd"])
        let target = FolderStorage(path: place.file("copy"))
        try target.prepare()
        try await target.write("one") { try Data("abx".utf8).write(to: URL(filePath: $0 + "/original")) }
        let folders = ["one", "two"].map { expected($0, ["original": "abc"]) }
        #expect(try await MediaCopy(from: storage, to: target, comparing: .sizes).run([folders[0]]) == [])
        #expect(await target.faults(of: [folders[0]]).count == 1)
        let faults = try await MediaCopy(from: storage, to: target, comparing: .bytes).run(folders)
        #expect(faults.map(\.description) == ["two/original has other bytes than it was stored with"])
        #expect(await target.faults(of: [folders[0]]) == [])
        #expect(try names(target.path) == ["one"])
    }

    @Test("A file that is missing, cut or changed is named, and so is what nothing expects")
    func check() async throws {
        try await write("one", ["original": "abc", "320.jpg": "d", "640.jpg": "e", "note": "x"])
        try await write("stray")
        let right = expected("one", ["original": "abc", "320.jpg": "d", "640.jpg": "e"])
        #expect(await storage.faults(of: [right]) == [])
        let wrong = expected("one", ["original": "ab", "320.jpg": "f", "1280.jpg": "x"])
        #expect(
            await storage.faults(of: [wrong]).map(\.description) == [
                "one/1280.jpg is missing",
                "one/320.jpg has other bytes than it was stored with",
                "one/original has 3 bytes instead of 2",
            ])
        let inventory = try await MediaInventory(of: [wrong], in: storage)
        #expect(
            inventory.faults.map(\.description) == [
                "one/1280.jpg is missing", "one/original has 3 bytes instead of 2",
            ])
        #expect(inventory.strays == ["one/640.jpg", "one/note", "stray"] && inventory.present == ["one"])
    }

    @Test("The digest of a part of a file is that of its bytes, also over several reads")
    func digest() async throws {
        let bytes = [UInt8]((0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let body = try SpooledBody(bytes, folder: place.path)
        for range in [0..<700_000, 5..<262_149, 699_999..<700_000, 7..<7] {
            #expect(
                try await FileDigest.sha256(of: body.descriptor, range) == sha256(bytes[range]), "\(range)")
        }
    }
}
