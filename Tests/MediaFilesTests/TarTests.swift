// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTTP
import Support
import Testing

@testable import MediaFiles

@Suite("Tar archives")
struct TarTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Writes an archive of these files; returns its path.
    private func archive(_ files: [(String, [UInt8])]) throws -> String {
        let path = folder.file("archive.tar")
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(descriptor) }
        let tar = TarWriter(to: descriptor)
        for (name, bytes) in files { try tar.add(name, bytes) }
        try tar.finish()
        return path
    }

    private func read(_ path: String) throws -> [(String, [UInt8])] {
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        let tar = TarReader(from: descriptor)
        var files: [(String, [UInt8])] = []
        while let entry = try tar.take() { files.append((entry.name, try tar.content(atMost: 1 << 20))) }
        return files
    }

    private static let samples: [(String, [UInt8])] = [
        ("story.json", Array("{}".utf8)), ("media/a/empty", []),
        ("media/a/block", Array(repeating: 7, count: 512)),
        ("media/a/large", Array(repeating: 8, count: 700_001)), (String(repeating: "n", count: 100), [1]),
    ]

    @Test("What is written is read again, also if only some of it is wanted")
    func roundTrip() throws {
        let path = try archive(Self.samples)
        let files = try read(path)
        #expect(files.map(\.0) == Self.samples.map(\.0))
        #expect(files.map(\.1) == Self.samples.map(\.1))
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        let tar = TarReader(from: descriptor)
        for _ in 0..<3 { _ = try tar.take() }
        #expect(try tar.peek()?.name == "media/a/large")
        _ = try tar.take()
        try tar.extract(to: folder.file("large"))
        #expect(try Data(contentsOf: URL(filePath: folder.file("large"))) == Data(Self.samples[3].1))
        #expect(try tar.take()?.size == 1)
    }

    @Test("The system's tar reads it, and what that writes is read")
    func others() throws {
        let path = try archive(Self.samples)
        let out = folder.file("out")
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: false)
        #expect(try run("tar", "-xf", path, "-C", out) == 0)
        for (name, bytes) in Self.samples {
            #expect(try Data(contentsOf: URL(filePath: "\(out)/\(name)")) == Data(bytes), "\(name)")
        }
        for format in ["ustar", "gnu", "pax"] {
            let other = folder.file("\(format).tar")
            #expect(try run("tar", "--format=\(format)", "-cf", other, "-C", out, "story.json", "media") == 0)
            let files = try read(other)
            #expect(Set(files.map(\.0)) == Set(Self.samples.dropLast().map(\.0)), "\(format)")
        }
    }

    private func run(_ arguments: String...) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    @Test("What is no archive, cut off or damaged is an error that says so")
    func damaged() throws {
        let whole = try Data(contentsOf: URL(filePath: archive([("a", Array(repeating: 7, count: 600))])))
        var changed = whole
        changed[0] ^= 1
        for (bytes, detail) in [
            (whole.prefix(700), "too early"), (whole.prefix(100), "too early"), (changed, "checksum"),
            (Data(repeating: 65, count: 1_024), "not a tar archive"),
        ] as [(Data, String)] {
            let path = folder.file("damaged.tar")
            try bytes.write(to: URL(filePath: path))
            let error = try #require(throws: TarError.self) { try read(path) }
            #expect(error.description.contains(detail))
        }
        let path = try archive([("a", [1, 2, 3])])
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        let tar = TarReader(from: descriptor)
        _ = try tar.take()
        #expect(throws: TarError.self) { try tar.content(atMost: 2) }
    }
}
