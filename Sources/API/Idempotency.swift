// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import HTTP
internal import Stories
internal import Synchronization

extension Call {
    /// Performs a write and responds with its outcome. With an `Idempotency-Key` it is executed once: repeats of the request under
    /// the same key get the stored response for a day, also after a restart. `place` returns the JSON Pointer of a created item,
    /// given its index in the body. `identity` is a digest of the request; `nil` for that of its bytes.
    func perform<Value: Sendable>(
        identity: [UInt8]? = nil,
        answering respond: @escaping @Sendable (Value) -> Response,
        place: (Int) -> String = { _ in "" },
        _ write: (IdempotentWrite<Value>) async throws -> Value,
        replaying: () async throws -> Void = {}
    ) async throws -> Response {
        let made = MadeResponse()
        let idempotency = try idempotency(identity) { StoredResponse(made.keep(respond($0))) }
        do {
            let value = try await write(idempotency)
            return made.response ?? respond(value)
        } catch StoryError.replayed(let stored) {
            try await replaying()
            return Response(stored)
        } catch StoryError.takenDown(let members) {
            throw Problem(takenDown: members.map(place))
        }
    }

    /// Returns the data by which repeats of a write are recognized, with the response to store for them.
    func idempotency<Value: Sendable>(
        _ identity: [UInt8]? = nil, _ response: @escaping @Sendable (Value) -> StoredResponse
    ) throws(Problem) -> IdempotentWrite<Value> {
        let digest: [UInt8]
        if let identity { digest = identity } else { digest = try fingerprint }
        return IdempotentWrite(
            WriteRequest(fingerprint: digest, key: try idempotencyKey), response: response)
    }

    /// The client's idempotency key for the write, if it sent one.
    private var idempotencyKey: IdempotencyKey? {
        get throws(Problem) {
            guard let value = request.header(.idempotencyKey) else { return nil }
            guard (1...Self.keyBytes).contains(value.bytes.count),
                value.bytes.allSatisfy({ (0x21...0x7E).contains($0) }), let value = value.ascii
            else {
                throw Problem(
                    .badParameter,
                    "Idempotency-Key must be 1 to \(Self.keyBytes) visible ASCII characters, such as a UUID")
            }
            return IdempotencyKey(holder: holder, value: value)
        }
    }

    /// Room for a UUID with a long prefix.
    private static let keyBytes = 255

    /// The scope of the key: the client's API key, as a hash since it must not be stored, or else its network.
    private var holder: IdempotencyKey.Holder {
        guard case .holder = access else { return .network(clientNetwork.description) }
        return .apiKey(hexadecimal(sha256(request.header(.authorization)?.bytes ?? [])))
    }

    private var fingerprint: [UInt8] {
        get throws(Problem) {
            var bytes = requestLine
            bytes += request.body
            if let spooled = request.spooledBody { bytes += try Self.digest(of: spooled) }
            return sha256(bytes)
        }
    }

    /// What identifies the content of a body on disk: the digest of the digests of its parts, so that little of it is in memory.
    private static func digest(of body: SpooledBody) throws(Problem) -> [UInt8] {
        var digests: [UInt8] = []
        do throws(FileError) {
            for start in stride(from: 0, to: body.size, by: digestedBytes) {
                digests += sha256(try body.read(start..<min(start + digestedBytes, body.size)))
            }
        } catch {
            throw Problem(StoryError.storage(.unavailable("an upload cannot be read: \(error)")))
        }
        return sha256(digests)
    }

    /// Of a body on disk, at a time.
    private static let digestedBytes = 256 * 1_024

    private var requestLine: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(request.target.utf8.count + request.body.count + 128)
        bytes += "\(request.method) \(request.target)\n".utf8
        bytes += request.header(.contentType)?.bytes ?? []
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }
}

/// The response built inside the transaction for storage, kept so that it is not encoded again.
private final class MadeResponse: Sendable {
    private let made = Mutex<Response?>(nil)

    var response: Response? { made.withLock { $0 } }

    func keep(_ response: Response) -> Response {
        made.withLock { $0 = response }
        return response
    }
}

extension StoredResponse {
    /// Keeps a response whose body is in memory: writes are not answered with files.
    init(_ response: Response) {
        precondition(response.file == nil, "a response that is a file cannot be stored")
        self.init(
            status: response.status.code,
            headers: response.headers.fields.flatMap { [$0.name.text, $0.value] },
            body: response.body)
    }
}

extension Response {
    fileprivate init(_ stored: StoredResponse) {
        var headers = Headers()
        for index in stride(from: 0, to: stored.headers.count - 1, by: 2) {
            headers.add(HeaderName(stored.headers[index]), stored.headers[index + 1])
        }
        headers.addReplayed()
        let known = [Status.ok, .created].first { $0.code == stored.status }
        self.init(known ?? Status(stored.status), headers: headers, body: stored.body)
    }
}

extension Headers {
    /// Marks the response as a replay.
    mutating func addReplayed() { add("Idempotency-Replayed", "true") }
}
