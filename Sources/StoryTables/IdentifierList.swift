// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Stories

/// Any number of identifiers as parameters of one statement: a round trip to a server for each would hold the writer for seconds.
struct IdentifierList: Bindable {
    private let identifiers: [Identifier]

    init(_ identifiers: [Identifier]) { self.identifiers = identifiers }

    /// A query with a row for each identifier. Its parameters are their number, and the bytes of all of them.
    static let query = """
        WITH RECURSIVE places (place) AS (SELECT 0 UNION ALL SELECT place + 1 FROM places WHERE place + 1 < ?)
        SELECT substr(?, place * 16 + 1, 16) FROM places
        """

    /// Appends both parameters.
    func append(to values: inout [Value]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(identifiers.count * 16)
        for id in identifiers {
            for half in [id.high, id.low] {
                for shift in stride(from: 56, through: 0, by: -8) {
                    bytes.append(UInt8(truncatingIfNeeded: half >> UInt64(shift)))
                }
            }
        }
        values += [.integer(Int64(identifiers.count)), .bytes(bytes)]
    }
}
