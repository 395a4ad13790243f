// SPDX-License-Identifier: Apache-2.0
/// The reason why a database was not opened. The database is unchanged.
public enum StoreOpeningError: Error, Hashable, Sendable, CustomStringConvertible {
    case cannotOpen(path: String, reason: String)
    case notWireroom(path: String)
    /// A server has it open; `holder` is its process id, if it could be read.
    case locked(path: String, holder: String?)
    case newerThanProgram(path: String, schema: Int, known: Int)
    case changedMigration(path: String, number: Int, name: String)
    case failedMigration(path: String, number: Int, name: String, reason: String)
    /// The database is inconsistent; each error is a sentence.
    case damaged(path: String, errors: [String])

    /// The message for the operator.
    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason):
            "cannot open \(path): \(reason)"
        case .notWireroom(let path):
            "\(path) is not a Wireroom database; it was not changed"
        case .locked(let path, let holder):
            "another server\(holder.map { " (process \($0))" } ?? "") has \(path) open; "
                + "stop it first, or name another database"
        case .newerThanProgram(let path, let schema, let known):
            "\(path) has schema \(schema), but this program knows schemas up to \(known); "
                + "use the newer program that made it"
        case .changedMigration(let path, let number, let name):
            "\(path) was made with a different version of migration \(number) (\(name)) than this program has; "
                + "use the program that made it"
        case .failedMigration(let path, let number, let name, let reason):
            "migration \(number) (\(name)) of \(path) failed and was rolled back: \(reason)"
        case .damaged(let path, let errors):
            "\(path) is damaged:\n" + errors.map { "  " + $0 }.joined(separator: "\n")
        }
    }
}
