// SPDX-License-Identifier: Apache-2.0
/// A WOFF2 file as small as one can be: a head, a directory, and data that nobody decompresses.
enum FontSample {
    /// A variable font.
    static let bytes = make()

    /// Makes a file with these tables, by their index (W3C WOFF File Format 2.0, §4.1), each of four bytes. `length` is what the head says.
    static func make(
        signature: String = "wOF2", flavor: [UInt8] = [0, 1, 0, 0], tables: [UInt8] = [0, 1, 2, 3, 4, 47],
        length: Int? = nil, packed: UInt8 = 4, data: [UInt8] = Array("woff".utf8)
    ) -> [UInt8] {
        var directory: [UInt8] = []
        for table in tables { directory += [table, 4] }
        let size = length ?? 48 + directory.count + data.count
        var file: [UInt8] = Array(signature.utf8)
        file += flavor
        file += [0, 0, UInt8(size >> 8), UInt8(size & 255)]
        file += [0, UInt8(tables.count), 0, 0]
        file += [0, 0, 0, 100]
        file += [0, 0, 0, packed]
        file += [UInt8](repeating: 0, count: 48 - file.count)
        return file + directory + data
    }
}
