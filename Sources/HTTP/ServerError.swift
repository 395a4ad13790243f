// SPDX-License-Identifier: Apache-2.0
/// Why a server could not start. Every case names the requested host and port.
public enum ServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process, or another server of this process, listens there (EADDRINUSE).
    case addressInUse(host: String, port: UInt16)
    /// The name does not resolve, or no address of it belongs to this machine.
    case cannotResolve(host: String, port: UInt16, reason: String)
    /// Ports below 1024 need privileges (EACCES).
    case permissionDenied(host: String, port: UInt16)
    /// Another error, with the system's message.
    case system(host: String, port: UInt16, call: String, reason: String)
    /// `start` was called before; a server starts once.
    case alreadyStarted(host: String, port: UInt16)

    /// One sentence for the operator.
    public var description: String {
        switch self {
        case .addressInUse(let host, let port):
            "cannot listen on \(host) port \(port): the address is in use"
        case .cannotResolve(let host, let port, let reason):
            "cannot listen on \(host) port \(port): \(reason)"
        case .permissionDenied(let host, let port):
            "cannot listen on \(host) port \(port): permission denied"
        case .system(let host, let port, let call, let reason):
            "cannot listen on \(host) port \(port): \(call): \(reason)"
        case .alreadyStarted(let host, let port):
            "cannot listen on \(host) port \(port): the server was started before"
        }
    }
}
