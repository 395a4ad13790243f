// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTTP
import Stories
import Support
import Testing

@testable import API

@Suite("Open files of media assets")
struct OpenMediaTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private let start = Instant.now

    private func key(_ number: UInt64) -> OpenMedia.Key {
        OpenMedia.Key(asset: Identifier(high: 0, low: number), name: "original")
    }

    private func open(_ name: String) throws -> OpenMediaFile {
        try Data(name.utf8).write(to: URL(filePath: folder.file(name)))
        let variant = MediaVariant(name: "original", type: .jpeg, bytes: 1, checksum: [1, 2, 3])
        return OpenMediaFile(try FileBody(path: folder.file(name)), variant)
    }

    @Test("The file that was used longest ago is let go of")
    func eviction() throws {
        let media = OpenMedia(limit: 2)
        for number in [1, 2] as [UInt64] { media.keep(try open("\(number)"), as: key(number), at: start) }
        #expect(media.file(key(1), at: start) != nil)
        media.keep(try open("3"), as: key(3), at: start)
        #expect(media.file(key(2), at: start) == nil)
        #expect(media.file(key(1), at: start) != nil && media.file(key(3), at: start) != nil)
    }

    @Test("A file that has been removed is not sent, whoever removed it, and is closed")
    func removed() throws {
        let media = OpenMedia(limit: 4)
        weak var body: FileBody?
        do {
            let file = try open("1")
            body = file.file
            media.keep(file, as: key(1), at: start)
        }
        #expect(body != nil)
        try FileManager.default.removeItem(atPath: folder.file("1"))
        #expect(media.file(key(1), at: start) == nil && body == nil)
        media.keep(try open("2"), as: key(2), at: start)
        media.keep(try open("3"), as: key(3), at: start)
        try FileManager.default.removeItem(atPath: folder.file("2"))
        media.dropRemoved()
        #expect(media.file(key(2), at: start) == nil && media.file(key(3), at: start) != nil)
    }

    @Test("After a while one request asks the store again, while the others are served")
    func lifetime() throws {
        let media = OpenMedia(limit: 4)
        media.keep(try open("1"), as: key(1), at: start)
        let later = start + OpenMedia.lifetime
        #expect(media.file(key(1), at: later) == nil)
        #expect(media.file(key(1), at: later) != nil)
        media.drop(key(1).asset)
        #expect(media.file(key(1), at: later) == nil)
    }
}
