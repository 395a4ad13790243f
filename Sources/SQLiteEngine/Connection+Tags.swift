// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import SQLite
internal import Stories

extension Connection {
    /// Defines the SQL function `tag_key(tag)`, so that statements compare tags like the rest of the program.
    func defineTagKey() throws(DatabaseError) {
        try define("tag_key", Tag.key)
    }
}
