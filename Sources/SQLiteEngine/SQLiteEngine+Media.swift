// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories
public import StoryTables

extension SQLiteEngine {
    /// All media assets of a database or backup, which is not changed; none if its schema is older than they are.
    public static func media(_ path: String) throws(StoreOpeningError) -> [MediaAsset] {
        let connection = try openAsItIs(path)
        return try opening(path) { () throws(DatabaseError) in
            let table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'media_assets'"
            let isThere = try connection.first(table) { _ in true }
            guard isThere == true else { return [] }
            return try MediaList.read(from: connection)
        }
    }
}
