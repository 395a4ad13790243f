// SPDX-License-Identifier: Apache-2.0
internal import API
internal import Glibc
internal import Live
internal import Markdown
internal import PostgresEngine
internal import SQLiteEngine
internal import Stories
internal import StoryTables

extension Timestamp {
    /// The current time of the wall clock.
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

extension TableStore {
    /// Opens a database with this program's renderer and clock.
    static func open(
        _ location: DatabaseLocation, as role: StoreRole,
        commandsPerCommit: Int = CommandQueue.defaultCommandsPerCommit,
        jobs: JobQueue = JobQueue(), origin: String = ""
    ) throws(CommandError) -> TableStore {
        let renderer = API.renderer(on: jobs, origin: origin) { Markdown.html($0, origin: origin) }
        return try opening { () throws(StoreOpeningError) in
            switch location {
            case .file(let path):
                try TableStore(
                    path: path, role: role.ofSQLite, commandsPerCommit: commandsPerCommit, renderer: renderer,
                    now: { .now })
            case .postgres(let address):
                try TableStore(
                    address, role: role.ofPostgres, commandsPerCommit: commandsPerCommit, renderer: renderer,
                    now: { .now })
            }
        }
    }
}

/// Runs a domain operation, and converts its errors to command errors.
func domain<Result>(_ body: () async throws(StoryError) -> Result) async throws(CommandError) -> Result {
    do throws(StoryError) {
        return try await body()
    } catch {
        throw .failure(error.message)
    }
}

extension StoryError {
    /// A message for the terminal.
    fileprivate var message: String {
        switch self {
        case .notFound(let thing): "there is no such \(thing.rawValue)"
        case .forbidden(let why): why
        case .invalid(let errors): errors.map { "\($0.pointer): \($0.detail)" }.joined(separator: "\n")
        case .slugReserved(let slug, let present):
            "\"\(slug)\" is a former slug of the story \"\(present)\"; choose another with --slug"
        case .slugTaken(let slug): "another story has the slug \"\(slug)\"; choose another with --slug"
        case .stale: "it has been changed in the meantime"
        case .unpublished: "the update is not published"
        case .moved(let slug): "the update was moved to the story \"\(slug)\""
        case .mediaInUse: "the media asset is in use"
        case .cursorExpired: "the cursor has expired"
        case .replayed, .otherRequest: "this was already done"
        case .overloaded: "too many requests at once; nothing was done"
        case .takenDown(let members):
            members.isEmpty
                ? "it was taken down"
                : "it contains updates that were taken down: "
                    + members.map(String.init).joined(separator: ", ")
        case .storage(.inDoubt): StoryError.StorageTrouble.inDoubt.message
        case .storage(let trouble): trouble.message + "; nothing was done"
        }
    }
}

extension StoryError.StorageTrouble {
    /// The message for the operator.
    var message: String {
        switch self {
        case .busy: "the database is busy"
        case .full: "the disk is full"
        case .readOnly: "the database is not writable"
        case .corrupt(let detail), .unavailable(let detail): "the database cannot be used: \(detail)"
        case .inDoubt: "the database was lost during a write, which may have been done"
        }
    }
}

/// The operator at the terminal has full access.
let operatorAccess = Access.holder(Grant(role: .admin))
