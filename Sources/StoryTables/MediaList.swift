// SPDX-License-Identifier: Apache-2.0
public import Database
public import Stories

/// The media assets of a database.
public enum MediaList {
    /// All assets, by their ids.
    public static func read(from database: any Database) throws(DatabaseError) -> [MediaAsset] {
        try database.rows("SELECT \(MediaAsset.columns) FROM media_assets ORDER BY id") { MediaAsset(&$0) }
    }
}
