// SPDX-License-Identifier: Apache-2.0
internal import CPostgres
internal import Database

/// Why a prepared statement cannot be used in a session any more.
enum StatementTrouble {
    /// The session does not know it: a pooler has given the transaction another one.
    case unknown
    /// Its result has other types since a migration.
    case outdated

    init?(_ result: OpaquePointer) {
        switch DatabaseError.state(of: result) {
        case "26000": self = .unknown
        case "0A000": self = .outdated
        default: return nil
        }
    }
}

extension DatabaseError {
    /// The SQLSTATE of an error (PostgreSQL, appendix A).
    fileprivate static func state(of result: OpaquePointer) -> String {
        cpostgres_result_error_field(result, Int32(CPOSTGRES_SQLSTATE)).map { String(cString: $0) } ?? ""
    }

    /// An error that the server reported; its category by its SQLSTATE, never by its message.
    init(result: OpaquePointer) {
        let state = Self.state(of: result)
        let primary = cpostgres_result_error_field(result, Int32(CPOSTGRES_MESSAGE))
        let message = String(cString: primary ?? cpostgres_result_error_message(result))
        self.init(Self.code(state), message: message, origin: "PostgreSQL \(state.isEmpty ? "error" : state)")
    }

    /// The connection is lost, or cannot be made.
    init(connection: OpaquePointer?) {
        let message = connection.map { String(cString: cpostgres_error_message($0)) } ?? "out of memory"
        // ascii: a message of libpq, of which the first line says what happened
        let lines = message.split(separator: "\n").map(String.init)
        self.init(
            .cannotOpen, message: lines.first ?? "the connection is lost", origin: "PostgreSQL connection")
    }

    private static func code(_ state: String) -> Code {
        switch state {
        case "53100": return .full
        // The server is read-only: a standby, or set so by its operator.
        case "25006": return .readOnly
        case "55P03", "40001", "40P01", "57014": return .busy
        case "XX001", "XX002": return .corrupt
        // The server shuts down, has ended the session, or has not started yet.
        case "57P01", "57P02", "57P03", "57P05", "25P03": return .cannotOpen
        default: break
        }
        switch state.prefix(2) {  // ascii: a SQLSTATE
        case "23": return .constraint
        case "53": return .busy
        case "08": return .cannotOpen
        case "58": return .ioError
        default: return .other
        }
    }
}
