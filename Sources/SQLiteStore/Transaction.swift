internal import SQLite
internal import Stories

/// A connection in the middle of a transaction, whose errors are the domain's. It must not outlive the closure that
/// it is handed to (noncopyable, which would say so, stops the optimizer of Swift 6.3.1).
struct Transaction {
    private let connection: Connection
    /// `nil` where nothing is written.
    private let pendingEvents: PendingEvents?

    init(_ connection: Connection, pendingEvents: PendingEvents? = nil) {
        self.connection = connection
        self.pendingEvents = pendingEvents
    }

    /// Has the observer told of something after the commit.
    func emit(_ event: StoreEvent) {
        pendingEvents?.add(event)
    }

    var lastInsertedKey: Int64 { connection.lastInsertedKey }

    /// Runs a statement that gives no rows; says how many rows it touched.
    @discardableResult
    func run<each Value: Bindable>(_ sql: String, _ values: repeat each Value) throws(StoryError) -> Int {
        do throws(SQLiteError) {
            try connection.run(sql, repeat each values)
            return connection.changedRows
        } catch {
            throw StoryError(error)
        }
    }

    /// All rows that a statement gives.
    func rows<Element, each Value: Bindable>(
        _ sql: String, _ values: repeat each Value, read: (inout Row) -> Element
    ) throws(StoryError) -> [Element] {
        do throws(SQLiteError) {
            return try connection.rows(sql, repeat each values, read: read)
        } catch {
            throw StoryError(error)
        }
    }

    /// The first row that a statement gives, if it gives one.
    func first<Element, each Value: Bindable>(
        _ sql: String, _ values: repeat each Value, read: (inout Row) -> Element
    ) throws(StoryError) -> Element? {
        do throws(SQLiteError) {
            return try connection.first(sql, repeat each values, read: read)
        } catch {
            throw StoryError(error)
        }
    }
}

extension StoryError {
    /// The one place where codes of the driver become errors of the domain: by code, never by text.
    init(_ error: SQLiteError) {
        switch error.code {
        case .busy: self = .storage(.busy)
        case .full: self = .storage(.full)
        case .readOnly: self = .storage(.readOnly)
        case .corrupt, .notADatabase: self = .storage(.corrupt(error.description))
        case .cannotOpen, .ioError, .constraint, .other: self = .storage(.unavailable(error.description))
        }
    }
}
