// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Postgres
public import Stories
public import StoryTables

extension PostgresEngine {
    /// All media assets of a database, which is not changed; none if its schema is older than they are.
    public static func media(_ address: PostgresAddress) throws(StoreOpeningError) -> [MediaAsset] {
        let connection = PostgresConnection(address)
        connection.preparesStatements = false
        return try opening(address.description) { () throws(DatabaseError) in
            let table =
                "SELECT 1 FROM (SELECT to_regclass('media_assets') AS name) AS t WHERE name IS NOT NULL"
            let isThere = try connection.first(table) { _ in true }
            guard isThere == true else { return [] }
            return try MediaList.read(from: connection)
        }
    }
}
