// SPDX-License-Identifier: Apache-2.0
/// The head of a WOFF2 file (W3C WOFF File Format 2.0), as far as it can be checked without decompressing the tables.
struct FontFile {
    /// Whether it is a variable font, which has all weights.
    private(set) var isVariable = false

    /// Reads the head. Throws what is wrong, as it follows "must be a WOFF2 font file".
    init(_ bytes: [UInt8]) throws(Fault) {
        var reader = Reader(bytes)
        guard bytes.count >= Self.headBytes, reader.integer() == Self.signature else {
            throw Fault("does not begin as one")
        }
        let flavor = reader.integer()
        guard [0x0001_0000, 0x4F54_544F].contains(flavor) else {
            throw Fault(
                flavor == 0x7474_6366 ? "is a collection of fonts" : "has no TrueType or CFF outlines")
        }
        guard reader.integer() == bytes.count else { throw Fault("has another length than its head says") }
        let (tableCount, reserved) = (reader.short(), reader.short())
        let (unpacked, packed) = (reader.integer(), reader.integer())
        guard (1...Self.tables).contains(tableCount), reserved == 0, unpacked <= Self.unpackedBytes else {
            throw Fault("has a head out of bounds")
        }
        // Version, metadata and private data, of which browsers make nothing.
        reader.position = Self.headBytes
        let names = try Self.names(tableCount, &reader)
        guard packed > 0, packed <= bytes.count - reader.position else {
            throw Fault("has less data than its head says")
        }
        let missing = Self.required.first { !names.contains($0.index) }
        if let missing { throw Fault("has no table \(missing.name)") }
        isVariable = names.contains(Self.variations)
    }

    /// Reads the directory of tables; returns the indices of known ones.
    private static func names(_ count: Int, _ reader: inout Reader) throws(Fault) -> Set<UInt8> {
        var (names, total) = (Set<UInt8>(), 0)
        for _ in 0..<count {
            guard let flags = reader.byte() else { throw Fault("ends in its directory") }
            let (index, version) = (flags & 0x3F, flags >> 6)
            if index == unnamed { reader.position += 4 }
            guard let length = reader.packedInteger() else { throw Fault("has a damaged directory") }
            // Outlines are transformed by version 0 and left alone by 3 (§5.1); other tables the other way round.
            let isTransformed = outlines.contains(index) ? version == 0 : version != 0
            if isTransformed, reader.packedInteger() == nil { throw Fault("has a damaged directory") }
            total += length
            guard index == unnamed || names.insert(index).inserted, total <= unpackedBytes else {
                throw Fault("has a damaged directory")
            }
        }
        return names
    }

    private static let signature = 0x774F_4632
    private static let headBytes = 48
    /// More than any font has.
    private static let tables = 64
    /// Of all tables: fonts with every Chinese character have about so many.
    private static let unpackedBytes = 32 * 1_024 * 1_024
    /// A table whose name is not among the known ones (§4.1).
    private static let unnamed: UInt8 = 63
    private static let outlines: [UInt8] = [10, 11]
    private static let variations: UInt8 = 47
    /// Those without which no browser shows a text.
    private static let required: [(index: UInt8, name: String)] = [
        (0, "cmap"), (1, "head"), (2, "hhea"), (3, "hmtx"), (4, "maxp"),
    ]

    /// What is wrong with a file.
    struct Fault: Error {
        let text: String

        init(_ text: String) { self.text = text }
    }
}

/// Reads integers in network byte order; what lies beyond the end is 0, or `nil`.
private struct Reader {
    private let bytes: [UInt8]
    var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func byte() -> UInt8? {
        guard bytes.indices.contains(position) else { return nil }
        position += 1
        return bytes[position - 1]
    }

    mutating func short() -> Int { Int(byte() ?? 0) << 8 | Int(byte() ?? 0) }

    mutating func integer() -> Int { short() << 16 | short() }

    /// UIntBase128 (§4.1): at most five bytes, without leading zeros, within 32 bits.
    mutating func packedInteger() -> Int? {
        var value = 0
        for index in 0..<5 {
            guard let byte = byte(), !(index == 0 && byte == 0x80) else { return nil }
            value = value << 7 | Int(byte & 0x7F)
            guard value <= Int(UInt32.max) else { return nil }
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}
