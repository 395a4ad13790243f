// SPDX-License-Identifier: Apache-2.0
internal import CSQLite
public import Database

extension Connection {
    /// Defines a deterministic SQL function from text to text for statements of this connection.
    public func define(
        _ name: String, _ function: @escaping @Sendable (String) -> String
    ) throws(DatabaseError) {
        let box = Unmanaged.passRetained(TextFunction(call: function))
        // DIRECTONLY: not callable from the schema, which other programs open. SQLite releases the box, also if this call fails.
        let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY
        let result = sqlite3_create_function_v2(
            handle, name, 1, flags, box.toOpaque(),
            { context, _, values in
                guard let context, let pointer = sqlite3_user_data(context), let value = values?[0] else {
                    return
                }
                let function = Unmanaged<TextFunction>.fromOpaque(pointer).takeUnretainedValue()
                guard let start = sqlite3_value_text(value) else { return sqlite3_result_null(context) }
                let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(value)))
                var text = function.call(String(decoding: bytes, as: UTF8.self))
                text.withUTF8 { csqlite_result_text(context, $0.baseAddress, Int32($0.count)) }
            }, nil, nil,
            { pointer in pointer.map { Unmanaged<TextFunction>.fromOpaque($0).release() } })
        guard result == SQLITE_OK else {
            throw DatabaseError(
                sqlite: result, message: "the function \(name) cannot be defined")
        }
    }
}

/// Holds the closure of an SQL function for as long as its connection is open.
private final class TextFunction: Sendable {
    let call: @Sendable (String) -> String

    init(call: @escaping @Sendable (String) -> String) { self.call = call }
}
