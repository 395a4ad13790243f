// SPDX-License-Identifier: Apache-2.0
internal import Database

/// One-row INSERTs that a connection holds back within a transaction, so that the rows of one statement are sent as one: the server starts
/// and ends a statement once instead of once a row. The rows of a table keep their order; tables are written in the order in which they
/// were first named, so that foreign keys have to be checked at the commit.
struct InsertBatch {
    private var groups: [Group] = []
    private var rows = 0
    private var bytes = 0

    /// The rows of one statement, of which there is at least one.
    struct Group {
        let sql: String
        var rows: [[Value]]

        /// The values of a statement for all rows: one array for each parameter.
        var columns: [[Value]] {
            (rows.first ?? []).indices.map { column in rows.map { $0[column] } }
        }
    }

    /// Beyond these limits the rows should be sent.
    private static let (maximumRows, maximumBytes) = (1_024, 4 << 20)

    var isEmpty: Bool { groups.isEmpty }
    var isFull: Bool { rows >= Self.maximumRows || bytes >= Self.maximumBytes }

    /// Adds the row of a statement.
    mutating func add(_ values: [Value], of sql: String) {
        rows += 1
        for value in values { bytes += value.byteCount }
        if let place = groups.firstIndex(where: { $0.sql == sql }) {
            groups[place].rows.append(values)
        } else {
            groups.append(Group(sql: sql, rows: [values]))
        }
    }

    /// Returns all rows, and forgets them.
    mutating func take() -> [Group] {
        defer { self = InsertBatch() }
        return groups
    }

    /// Returns the statement that inserts any number of rows, given as one array for each parameter; `nil` if `sql` is not an INSERT of one
    /// row of nothing but parameters.
    static func multiRow(_ sql: String) -> String? {
        let (bytes, head) = (Array(sql.utf8), Array("VALUES (".utf8))
        guard bytes.starts(with: "INSERT INTO ".utf8),
            let start = bytes.indices.first(where: { bytes[$0...].starts(with: head) })
        else { return nil }
        let tail = bytes[(start + head.count)...]
        guard tail.last == UInt8(ascii: ")") else { return nil }
        let places = tail.dropLast().split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard places.allSatisfy({ $0.filter { !Self.isSpace($0) } == [UInt8(ascii: "?")] }) else {
            return nil
        }
        let parameters = places.map { _ in "?" }.joined(separator: ", ")
        return String(decoding: bytes[..<start], as: UTF8.self) + "SELECT * FROM unnest(\(parameters))"
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n")
    }
}

extension Value {
    fileprivate var byteCount: Int {
        switch self {
        case .null: 0
        case .integer: 8
        case .text(let text): text.utf8.count
        case .bytes(let blob): blob.count
        case .sixteenBytes: 16
        }
    }
}
