// SPDX-License-Identifier: Apache-2.0
import Foundation
import Migrations
import Resources
import Testing

/// `scripts/embed` lists the embedded files; a file missing there is missing from the program.
@Suite("Embedded files")
struct ResourceTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Files below a folder, by their paths from the root.
    private static func files(in folder: String) throws -> [String] {
        let base = root.appendingPathComponent(folder)
        let paths = try FileManager.default.subpathsOfDirectory(atPath: base.path)
        return paths.map { "\(folder)/\($0)" }.filter { path in
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(
                atPath: root.appendingPathComponent(path).path, isDirectory: &isFolder)
            return isThere && !isFolder.boolValue
        }
    }

    @Test("Exactly the files of the project are embedded; if not, run scripts/embed")
    func paths() throws {
        let there = try ["Migrations", "Sources/Web/Files"].flatMap(Self.files) + ["openapi.yaml"]
        #expect(Set(Resource.all.map(\.path)) == Set(there))
        #expect(Resource.all.count == there.count)
    }

    @Test("Each file is embedded unchanged", arguments: Resource.all.map(\.path))
    func bytes(path: String) throws {
        let data = try Data(contentsOf: Self.root.appendingPathComponent(path))
        #expect(Resource.bytes(of: path).elementsEqual(data))
    }

    @Test("Every file of Migrations is a migration, numbered from 1 without gaps")
    func migrations() {
        let files = Resource.all.filter { $0.path.hasPrefix("Migrations/") }
        for (ending, migrations) in [
            (".sqlite.sql", Migrations.sqlite), (".postgres.sql", Migrations.postgres),
        ] {
            let count = files.count { $0.path.hasSuffix(ending) }
            #expect(migrations.map(\.number) == Array(1...count))
        }
        #expect(Migrations.sqlite.count + Migrations.postgres.count == files.count)
    }
}
