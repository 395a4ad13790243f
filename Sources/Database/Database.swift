// SPDX-License-Identifier: Apache-2.0
/// A connection to a database of any engine. Not thread-safe: its owner confines it to one queue.
///
/// Parameters of statements are written `?`, or `?1` if a value is used more than once.
public protocol Database: AnyObject {
    /// The engine's SQL dialect.
    var dialect: Dialect { get }

    /// Whether a transaction is open. An engine may roll one back by itself, for example if the disk is full.
    var isInTransaction: Bool { get }

    /// Whether the connection to a server was lost since the transaction began. The next transaction makes it again.
    var isLost: Bool { get }

    /// Runs a statement that returns no rows. An engine may defer it until the next statement that returns a result, or until the
    /// commit, which then throws its error.
    func run(_ sql: String, values: [Value]) throws(DatabaseError)

    /// Runs a statement that returns no rows, not deferred; returns the number of changed rows.
    func changes(_ sql: String, values: [Value]) throws(DatabaseError) -> Int

    /// Calls the body with each row of a query, until it returns `false`.
    func forEachRow(
        of sql: String, values: [Value], _ body: (inout Row) -> Bool
    ) throws(DatabaseError)
}

extension Database {
    /// False: a file in this process cannot be lost.
    public var isLost: Bool { false }

    /// Runs a statement that returns no rows; see ``run(_:values:)``.
    @inlinable
    public func run<each B: Bindable>(_ sql: String, _ bindables: repeat each B) throws(DatabaseError) {
        try run(sql, values: Value.list(repeat each bindables))
    }

    /// Runs a statement that returns no rows; returns the number of changed rows.
    @inlinable
    public func changes<each B: Bindable>(
        _ sql: String, _ bindables: repeat each B
    ) throws(DatabaseError) -> Int {
        try changes(sql, values: Value.list(repeat each bindables))
    }

    /// Returns all rows of a query, each converted by `read`.
    @inlinable
    public func rows<Element, each B: Bindable>(
        _ sql: String, _ bindables: repeat each B, read: (inout Row) -> Element
    ) throws(DatabaseError) -> [Element] {
        var elements: [Element] = []
        try forEachRow(of: sql, values: Value.list(repeat each bindables)) { row in
            elements.append(read(&row))
            return true
        }
        return elements
    }

    /// Returns the first row of a query, converted by `read`, or `nil` if there are none.
    @inlinable
    public func first<Element, each B: Bindable>(
        _ sql: String, _ bindables: repeat each B, read: (inout Row) -> Element
    ) throws(DatabaseError) -> Element? {
        var element: Element?
        try forEachRow(of: sql, values: Value.list(repeat each bindables)) { row in
            element = read(&row)
            return false
        }
        return element
    }
}
