// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import SQLite
internal import Stories

extension Connection {
    /// Lets statements compare tags as the rest of the program does, by `tag_key(tag)`.
    func defineTagKey() throws(DatabaseError) {
        try define("tag_key", Tag.key)
    }
}
