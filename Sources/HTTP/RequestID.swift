/// The id by which a request is found again in logs and complaints: the caller's own `X-Request-Id` where that is well formed
/// (letters, digits and `-._`, at most 128: what can neither break a log line nor fill it), otherwise one of the server's.
///
/// The server puts it into every answer. Made into text only where it is asked for.
public struct RequestID: Sendable, CustomStringConvertible {
    /// Of the request, if it brings an id of its own.
    private let head: RequestHead?
    /// Which worker took it up, and as which of its requests: together never the same twice in a process.
    private let worker: Int
    let number: UInt64

    init(_ head: RequestHead?, worker: Int, number: UInt64) {
        self.head = head?.firstField(.requestID) == nil ? nil : head
        (self.worker, self.number) = (worker, number)
    }

    /// An id for what did not come over a socket.
    public init() {
        self.init(nil, worker: 0xF, number: .random(in: 0...(.max)))
    }

    /// The text.
    public var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    func append(to bytes: inout [UInt8]) {
        if let head, let field = head.firstField(.requestID) {
            let isOwn = head.withBytes(field.value) { value in
                guard Self.isWellFormed(value) else { return false }
                bytes.append(contentsOf: value)
                return true
            }
            if isOwn { return }
        }
        bytes.append(contentsOf: Self.processPrefix)
        bytes.append(hexadecimal: worker)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(hexadecimal: Int(truncatingIfNeeded: number & .max >> 1))
    }

    private static func isWellFormed(_ value: UnsafeRawBufferPointer) -> Bool {
        (1...128).contains(value.count)
            && value.allSatisfy { byte in
                let letter = byte | 0x20
                return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter) || byte.isDigit
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            }
    }

    /// Six digits of this process, so that ids of two servers, or before and after a restart, do not meet.
    private static let processPrefix: [UInt8] = {
        var digits: [UInt8] = []
        digits.append(hexadecimal: Int.random(in: 0x10_0000...0xFF_FFFF))
        return digits
    }()
}
