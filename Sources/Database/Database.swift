// SPDX-License-Identifier: Apache-2.0
/// A connection to a database of any engine. Not thread-safe: its owner confines it to one queue.
///
/// The places of a statement's values are written `?`, or `?1` where one value stands in several.
public protocol Database: AnyObject {
    /// How this engine says what engines say differently.
    var dialect: Dialect { get }

    /// Whether a transaction is open. An engine may end one by itself: on a full disk, for one.
    var isInTransaction: Bool { get }

    /// Runs a statement that gives no rows. An engine may defer it until the next statement that is waited for, or the commit, which
    /// then throws its error.
    func run(_ sql: String, values: [Value]) throws(DatabaseError)

    /// Runs a statement that gives no rows, waits for it, and says how many rows it touched.
    func changes(_ sql: String, values: [Value]) throws(DatabaseError) -> Int

    /// Hands each row that a statement gives to the body, until that returns false.
    func forEachRow(
        of sql: String, values: [Value], _ body: (inout Row) -> Bool
    ) throws(DatabaseError)
}

extension Database {
    /// Runs a statement that gives no rows; see ``run(_:values:)``.
    @inlinable
    public func run<each B: Bindable>(_ sql: String, _ bindables: repeat each B) throws(DatabaseError) {
        try run(sql, values: Value.list(repeat each bindables))
    }

    /// Runs a statement that gives no rows, and says how many rows it touched.
    @inlinable
    public func changes<each B: Bindable>(
        _ sql: String, _ bindables: repeat each B
    ) throws(DatabaseError) -> Int {
        try changes(sql, values: Value.list(repeat each bindables))
    }

    /// All rows that a statement gives, each read by `read`.
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

    /// The first row that a statement gives, if it gives one.
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
