// SPDX-License-Identifier: Apache-2.0
public import Database
public import Stories

/// A database within a transaction; throws errors of the domain. It must not escape the closure that it is passed to
/// (a noncopyable type would enforce that, but the optimizer of Swift 6.3.1 cannot compile it).
public struct Transaction {
    private let database: any Database
    /// `nil` for reads.
    private let pendingEvents: PendingEvents?
    /// `nil` for reads.
    let cache: WriterCache?

    /// Creates the transaction that `database` has open. Events of its commands are added to `pendingEvents`.
    public init(_ database: any Database, pendingEvents: PendingEvents? = nil, cache: WriterCache? = nil) {
        self.database = database
        self.pendingEvents = pendingEvents
        self.cache = cache
    }

    /// Adds an event, which is published to observers after the commit.
    func emit(_ event: StoreEvent) {
        pendingEvents?.add(event)
    }

    /// The engine's SQL dialect.
    var dialect: Dialect { database.dialect }

    /// Runs a statement that returns no rows; an engine may defer it.
    func run<each B: Bindable>(_ sql: String, _ values: repeat each B) throws(StoryError) {
        try prepare(for: sql)
        try runKnown(sql, repeat each values)
    }

    private func prepare(for sql: String) throws(StoryError) {
        do throws(DatabaseError) {
            try cache?.prepare(for: sql, on: database)
        } catch {
            throw StoryError(error)
        }
    }

    /// Like ``run(_:_:)``, for a statement whose effect the caller notes in the cache, or which has none there, and which does not depend on
    /// deferred ones.
    func runKnown<each B: Bindable>(_ sql: String, _ values: repeat each B) throws(StoryError) {
        let values = Value.list(repeat each values)
        do throws(DatabaseError) { try database.run(sql, values: values) } catch { throw StoryError(error) }
    }

    /// Runs a statement that returns no rows, not deferred; returns the number of changed rows.
    func changes<each B: Bindable>(_ sql: String, _ values: repeat each B) throws(StoryError) -> Int {
        try prepare(for: sql)
        let values = Value.list(repeat each values)
        do throws(DatabaseError) {
            return try database.changes(sql, values: values)
        } catch {
            throw StoryError(error)
        }
    }

    /// Returns all rows of a query.
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

    /// Returns the first row of a query, or `nil` if there are none.
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
        try prepare(for: sql)
        do throws(DatabaseError) {
            try database.forEachRow(of: sql, values: values, body)
        } catch {
            throw StoryError(error)
        }
    }
}

extension StoryError {
    /// Maps a database error to an error of the domain by its code, never by its message. The only place where this is done.
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
