/// Why a server could not start. Every case names the host and the port that were asked for.
public enum ServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process (or another server of this one) listens there.
    case addressInUse(host: String, port: UInt16)
    /// The name has no address, or the address is not one of this machine.
    case cannotResolve(host: String, port: UInt16, reason: String)
    /// Ports below 1024 are for privileged processes.
    case permissionDenied(host: String, port: UInt16)
    /// Something else that the system refused, with its own words.
    case system(host: String, port: UInt16, call: String, reason: String)
    /// A server starts once; make another one.
    case alreadyStarted(host: String, port: UInt16)

    /// One sentence for the person who started the server.
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
