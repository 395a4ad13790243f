internal import Crypto
internal import HTTP
internal import Synchronization

/// The id by which a request is found again in logs and complaints.
enum RequestID {
    /// The caller's own id where it is well formed, otherwise a new one.
    static func of(_ request: Request?) -> String {
        if let own = request?.header(.requestID), isWellFormed(own) { return own }
        return next()
    }

    /// Letters, digits and `-._`, at most 128: what can neither break a log line nor fill it.
    static func isWellFormed(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                Character(Unicode.Scalar(byte)).isASCII
                    && (Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber
                        || "-._".utf8.contains(byte))
            }
    }

    /// Eight random digits of this process and a count: cheap, and never the same twice.
    private static func next() -> String {
        let number = counter.add(1, ordering: .relaxed).newValue
        return "\(processPrefix)-\(String(number, radix: 16))"
    }

    private static let processPrefix = hexadecimal(randomBytes(4))
    private static let counter = Atomic<UInt64>(0)
}

/// Gives every answer its `X-Request-Id`, also those that no endpoint made.
struct RequestIDs: Responder {
    let next: any Responder

    func respond(to request: Request) -> Answer {
        next.respond(to: request).mapHeaders { headers in
            if headers[.requestID] == nil { headers[.requestID] = RequestID.of(request) }
        }
    }

    func respond(to failure: RequestFailure, request: Request?) -> Response {
        next.respond(to: failure, request: request)
    }
}
