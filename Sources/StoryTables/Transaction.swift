// SPDX-License-Identifier: Apache-2.0
public import Database
public import Stories

/// A database in the middle of a transaction, whose errors are the domain's. It must not outlive the closure that
/// it is handed to (noncopyable, which would say so, stops the optimizer of Swift 6.3.1).
public struct Transaction {
    private let database: any Database
    /// `nil` where nothing is written.
    private let pendingEvents: PendingEvents?

    /// The transaction that the database is in. What its commands have to tell is added to `pendingEvents`.
    public init(_ database: any Database, pendingEvents: PendingEvents? = nil) {
        self.database = database
        self.pendingEvents = pendingEvents
    }

    /// Adds an event, which observers get after the commit.
    func emit(_ event: StoreEvent) {
        pendingEvents?.add(event)
    }

    /// How the engine says what engines say differently.
    var dialect: Dialect { database.dialect }

    /// Runs a statement that gives no rows; an engine may do so later.
    func run<each B: Bindable>(_ sql: String, _ values: repeat each B) throws(StoryError) {
        let values = Value.list(repeat each values)
        do throws(DatabaseError) { try database.run(sql, values: values) } catch { throw StoryError(error) }
    }

    /// Runs a statement that gives no rows, waits for it, and says how many rows it touched.
    func changes<each B: Bindable>(_ sql: String, _ values: repeat each B) throws(StoryError) -> Int {
        let values = Value.list(repeat each values)
        do throws(DatabaseError) {
            return try database.changes(sql, values: values)
        } catch {
            throw StoryError(error)
        }
    }

    /// All rows that a statement gives.
    func rows<Element, each B: Bindable>(
        _ sql: String, _ values: repeat each B, read: (inout Row) -> Element
    ) throws(StoryError) -> [Element] {
        var elements: [Element] = []
        try forEachRow(of: sql, Value.list(repeat each values)) { row in
            elements.append(read(&row))
            return true
        }
        return elements
    }

    /// The first row that a statement gives, if it gives one.
    func first<Element, each B: Bindable>(
        _ sql: String, _ values: repeat each B, read: (inout Row) -> Element
    ) throws(StoryError) -> Element? {
        var element: Element?
        try forEachRow(of: sql, Value.list(repeat each values)) { row in
            element = read(&row)
            return false
        }
        return element
    }

    private func forEachRow(
        of sql: String, _ values: [Value], _ body: (inout Row) -> Bool
    ) throws(StoryError) {
        do throws(DatabaseError) {
            try database.forEachRow(of: sql, values: values, body)
        } catch {
            throw StoryError(error)
        }
    }
}

extension StoryError {
    /// The one place where codes of engines become errors of the domain: by code, never by text.
    public init(_ error: DatabaseError) {
        switch error.code {
        case .busy: self = .storage(.busy)
        case .full: self = .storage(.full)
        case .readOnly: self = .storage(.readOnly)
        case .corrupt, .notADatabase: self = .storage(.corrupt(error.description))
        case .cannotOpen, .ioError, .constraint, .other: self = .storage(.unavailable(error.description))
        }
    }
}
