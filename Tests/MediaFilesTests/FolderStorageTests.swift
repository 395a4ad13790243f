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

    @Test("Folders are copied with their bytes, once, and also where links are impossible")
    func copies() async throws {
        try await write("one", ["original": "abc", "320.jpg": "d"])
        let target = FolderStorage(path: place.file("copy"))
        try target.prepareForOwner()
        try storage.copy("one", to: target)
        try storage.copy("one", to: target)
        #expect(try names(target.path) == ["one"])
        #expect(try String(contentsOfFile: target.place(of: "original", in: "one"), encoding: .utf8) == "abc")
        #expect(throws: FileError(call: "opendir", code: ENOENT)) { try storage.copy("two", to: target) }
        // Another file system.
        let memory = FolderStorage(path: "/dev/shm/wireroom-" + UUID().uuidString)
        try memory.prepare()
        defer { try? FileManager.default.removeItem(atPath: memory.path) }
        try storage.copy("one", to: memory)
        #expect(try String(contentsOfFile: memory.place(of: "320.jpg", in: "one"), encoding: .utf8) == "d")
    }

    @Test("A file that is missing, cut or changed is named")
    func check() async throws {
        try await write("one", ["original": "abc", "320.jpg": "d", "640.jpg": "e"])
        func expected(_ name: String, _ text: String) -> ExpectedFile {
            ExpectedFile(name: name, bytes: text.utf8.count, checksum: sha256(text.utf8))
        }
        let files = [expected("original", "abc"), expected("320.jpg", "d")]
        #expect(storage.faults(of: "one", files) == [])
        let faults = storage.faults(
            of: "one", [expected("original", "ab"), expected("320.jpg", "f"), expected("1280.jpg", "x")])
        #expect(
            faults == [
                "one/original has 3 bytes instead of 2",
                "one/320.jpg has other bytes than it was stored with",
                "one/1280.jpg is missing",
            ])
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
