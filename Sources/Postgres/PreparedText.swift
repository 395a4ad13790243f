// SPDX-License-Identifier: Apache-2.0
internal import CPostgres
internal import Database

/// A statement's text for PostgreSQL, and the name under which a connection prepares it.
struct PreparedText {
    let name: String
    /// The text with PostgreSQL's parameters, `$1`.
    let sql: String
    /// Types of the parameters.
    let types: [UInt32]
    /// Whether it cannot change anything: a SELECT without a lock.
    let isRead: Bool
    /// The statement for any number of rows, if this one inserts one; see ``InsertBatch/multiRow(_:)``.
    let multiRow: String?
    /// Whether the server has prepared it in this session.
    var isPrepared = false

    init(_ sql: String, name: String, parameters: Parameters) {
        self.name = name
        self.sql = Self.numbered(sql)
        types = parameters.types
        multiRow = InsertBatch.multiRow(sql)
        isRead = sql.hasPrefix("SELECT") && !sql.hasSuffix("FOR UPDATE")  // ascii: statements of this program
    }

    /// Replaces the parameters `?` and `?1` by `$1`; those in string literals are text.
    static func numbered(_ sql: String) -> String {
        var result: [UInt8] = []
        var (count, isQuoted) = (0, false)
        let bytes = Array(sql.utf8)
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "'") { isQuoted.toggle() }
            guard byte == UInt8(ascii: "?"), !isQuoted else {
                result.append(byte)
                continue
            }
            result.append(UInt8(ascii: "$"))
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            // A number that follows is the parameter's own.
            if (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(next) { continue }
            count += 1
            result += Array(String(count).utf8)
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension Value {
    /// Object ids of the types `bigint`, `text` and `bytea`, which are part of PostgreSQL's protocol.
    fileprivate var oid: UInt32 {
        switch self {
        case .integer, .null(.integer): 20
        case .text, .null(.text): 25
        case .bytes, .sixteenBytes, .null(.bytes): 17
        }
    }

    /// Object ids of the types of arrays of these.
    fileprivate var arrayOid: UInt32 {
        switch self {
        case .integer, .null(.integer): 1016
        case .text, .null(.text): 1009
        case .bytes, .sixteenBytes, .null(.bytes): 1001
        }
    }
}

/// The parameters of a statement.
enum Parameters {
    case values([Value])
    /// Arrays, each of which has at least one element.
    case arrays([[Value]])

    var types: [UInt32] {
        switch self {
        case .values(let values): values.map(\.oid)
        case .arrays(let arrays): arrays.map { $0.first?.arrayOid ?? 0 }
        }
    }
}

/// The parameters of a statement in PostgreSQL's binary format.
struct EncodedValues {
    private var bytes: [UInt8] = []
    /// Where each value begins; `nil`: NULL.
    private var starts: [Int?] = []
    private var lengths: [Int32] = []

    /// Number of parameters.
    var count: Int { lengths.count }

    init(_ parameters: Parameters) {
        switch parameters {
        case .values(let values): for value in values { append(value) }
        case .arrays(let arrays): for array in arrays { append(array) }
        }
        // So that there is an address even where all values are empty.
        bytes.append(0)
    }

    private mutating func append(_ value: Value) {
        let start = bytes.count
        encode(value)
        if case .null = value { starts.append(nil) } else { starts.append(start) }
        lengths.append(Int32(bytes.count - start))
    }

    private mutating func encode(_ value: Value) {
        switch value {
        case .null: break
        case .integer(let number): withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
        case .text(let text): bytes += text.utf8
        case .bytes(let blob): bytes += blob
        case .sixteenBytes(let high, let low):
            withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { bytes += $0 }
        }
    }

    /// An array: the number of dimensions, whether there are NULLs, the type of the elements, the size of the dimension, its lower bound,
    /// and the elements, each after its length, which is -1 for NULL.
    private mutating func append(_ array: [Value]) {
        let start = bytes.count
        for number in [1, 1, Int32(array.first?.oid ?? 0), Int32(array.count), 1] { encode(number) }
        for value in array {
            let length = bytes.count
            encode(Int32(-1))
            if case .null = value { continue }
            encode(value)
            let count = Int32(bytes.count - length - 4)
            withUnsafeBytes(of: count.bigEndian) { bytes.replaceSubrange(length..<length + 4, with: $0) }
        }
        starts.append(start)
        lengths.append(Int32(bytes.count - start))
    }

    private mutating func encode(_ number: Int32) { withUnsafeBytes(of: number.bigEndian) { bytes += $0 } }

    /// Calls the body with the lists that libpq takes: addresses, lengths, and formats, which are all binary (1). Null if there are no
    /// values.
    func withPointers<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) ->
            Result
    ) -> Result {
        bytes.withUnsafeBytes { buffer in
            let addresses = starts.map { start in
                start.flatMap { buffer.baseAddress?.advanced(by: $0).assumingMemoryBound(to: CChar.self) }
            }
            let formats = [Int32](repeating: 1, count: lengths.count)
            return addresses.withUnsafeBufferPointer { addresses in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in
                        body(addresses.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }
}
