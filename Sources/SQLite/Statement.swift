internal import CSQLite
internal import Glibc

/// A prepared statement, which lives as long as its connection.
final class Statement {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        sqlite3_finalize(handle)
    }

    /// The row that ``step()`` came to.
    var row: Row { Row(handle) }

    func bind<each Value: Bindable>(_ values: repeat each Value) throws(SQLiteError) {
        var index: Int32 = 0
        for value in repeat each values {
            index += 1
            let result = value.bind(to: Binder(handle, index))
            guard result == SQLITE_OK else { throw error(result) }
        }
        guard index == sqlite3_bind_parameter_count(handle) else {
            throw SQLiteError(extendedCode: SQLITE_RANGE, message: "\(index) values do not fit the statement")
        }
    }

    /// Goes to the next row; false when there is none.
    func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let result: throw error(result)
        }
    }

    /// Lets go of the rows and the values.
    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    private func error(_ result: Int32) -> SQLiteError {
        SQLiteError(extendedCode: result, message: String(cString: sqlite3_errmsg(sqlite3_db_handle(handle))))
    }
}

/// A place of a statement that takes a value.
public struct Binder {
    private let statement: OpaquePointer
    private let index: Int32

    init(_ statement: OpaquePointer, _ index: Int32) {
        self.statement = statement
        self.index = index
    }

    /// Puts NULL there; gives SQLite's result code, as the others do.
    public func null() -> Int32 {
        sqlite3_bind_null(statement, index)
    }

    /// Puts an integer there.
    public func integer(_ value: Int64) -> Int32 {
        sqlite3_bind_int64(statement, index, value)
    }

    /// Puts a text there.
    public func text(_ value: String) -> Int32 {
        var value = value
        return value.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                csqlite_bind_text(
                    statement, index, characters.baseAddress ?? Self.emptyText, Int32(bytes.count))
            }
        }
    }

    /// Puts bytes there.
    public func blob(_ value: UnsafeRawBufferPointer) -> Int32 {
        csqlite_bind_blob(statement, index, value.baseAddress ?? .init(Self.emptyText), Int32(value.count))
    }

    /// An empty buffer may have no address, and an address of none would bind NULL.
    private nonisolated(unsafe) static let emptyText = UnsafePointer<CChar>(strdup(""))
}

/// What a statement takes as a value.
public protocol Bindable {
    /// Puts the value in its place; gives SQLite's result code.
    func bind(to binder: Binder) -> Int32
}

extension Int64: Bindable {
    /// Binds itself to the place.
    public func bind(to binder: Binder) -> Int32 { binder.integer(self) }
}

extension Int: Bindable {
    /// Binds itself to the place.
    public func bind(to binder: Binder) -> Int32 { binder.integer(Int64(self)) }
}

extension Bool: Bindable {
    /// Binds itself to the place.
    public func bind(to binder: Binder) -> Int32 { binder.integer(self ? 1 : 0) }
}

extension String: Bindable {
    /// Binds itself to the place.
    public func bind(to binder: Binder) -> Int32 { binder.text(self) }
}

extension [UInt8]: Bindable {
    /// Binds itself to the place.
    public func bind(to binder: Binder) -> Int32 { withUnsafeBytes(binder.blob) }
}

extension Optional: Bindable where Wrapped: Bindable {
    /// Binds itself to the place.
    public func bind(to binder: Binder) -> Int32 {
        switch self {
        case .none: binder.null()
        case .some(let value): value.bind(to: binder)
        }
    }
}
