/// A step of the database schema.
public struct Migration: Sendable {
    /// Its place in the order, from 1 without gaps.
    public let number: Int
    /// What it does, in a word or two; the middle of its file's name.
    public let name: String
    /// SQL in UTF-8. It runs in a transaction of its own and must hold none.
    public let sql: [UInt8]

    /// A step.
    public init(number: Int, name: String, sql: [UInt8]) {
        self.number = number
        self.name = name
        self.sql = sql
    }
}

/// The steps to the present schema. A step that has been released is never changed: a new one is added.
public enum Migrations {
    /// For SQLite, in order.
    public static let sqlite: [Migration] = [
        Migration(number: 1, name: "initial", sql: PackageResources._001_initial_sqlite_sql),
        Migration(number: 2, name: "life", sql: PackageResources._002_life_sqlite_sql),
        Migration(number: 3, name: "renditions", sql: PackageResources._003_renditions_sqlite_sql),
        Migration(number: 4, name: "corrections", sql: PackageResources._004_corrections_sqlite_sql),
        Migration(number: 5, name: "visitors", sql: PackageResources._005_visitors_sqlite_sql),
        Migration(number: 6, name: "answers", sql: PackageResources._006_answers_sqlite_sql),
        Migration(number: 7, name: "drafts", sql: PackageResources._007_drafts_sqlite_sql),
        Migration(number: 8, name: "audit", sql: PackageResources._008_audit_sqlite_sql),
        Migration(number: 9, name: "removals", sql: PackageResources._009_removals_sqlite_sql),
        Migration(number: 10, name: "takedowns", sql: PackageResources._010_takedowns_sqlite_sql),
        Migration(number: 11, name: "bin", sql: PackageResources._011_bin_sqlite_sql),
        Migration(number: 12, name: "closings", sql: PackageResources._012_closings_sqlite_sql),
        Migration(number: 13, name: "markup", sql: PackageResources._013_markup_sqlite_sql),
        Migration(number: 14, name: "tags", sql: PackageResources._014_tags_sqlite_sql),
    ]
}
