internal import Crypto
internal import HTTP
internal import Stories

extension Call {
    /// Does a write and answers with what came of it. With an `Idempotency-Key` it is done once: the same request under the
    /// same key gets the same answer for a day, also after a restart.
    func perform<Value: Sendable>(
        answering respond: @escaping @Sendable (Value) -> Response,
        _ write: (Once<Value>?) async throws(StoryError) -> Value
    ) async throws(Problem) -> Response {
        let once = try onceRequest.map { Once<Value>($0) { KeptAnswer(respond($0)) } }
        do throws(StoryError) {
            return respond(try await write(once))
        } catch {
            if case .replayed(let kept) = error { return Response(kept) }
            throw Problem(error)
        }
    }

    /// By what the write is known again, if its client wants it to be.
    private var onceRequest: OnceRequest? {
        get throws(Problem) {
            guard let key = request.header(.idempotencyKey) else { return nil }
            guard (1...Self.keyBytes).contains(key.bytes.count),
                key.bytes.allSatisfy({ (0x21...0x7E).contains($0) }), let key = key.ascii
            else {
                throw Problem(
                    .badParameter,
                    "Idempotency-Key must be 1 to \(Self.keyBytes) visible ASCII characters, such as a UUID")
            }
            return OnceRequest(holder: holder, key: key, fingerprint: fingerprint)
        }
    }

    /// As long as a UUID with much around it.
    private static let keyBytes = 255

    /// Who asks. The key itself is not to be kept.
    private var holder: String {
        guard case .holder = access else { return "" }
        return hexadecimal(sha256(request.header(.authorization)?.bytes ?? []))
    }

    private var fingerprint: [UInt8] {
        var bytes = Array("\(request.method) \(request.target)\n".utf8)
        bytes += request.header(.contentType)?.bytes ?? []
        bytes.append(UInt8(ascii: "\n"))
        return sha256(bytes + request.body)
    }
}

extension KeptAnswer {
    fileprivate init(_ response: Response) {
        self.init(
            status: response.status.code,
            headers: response.headers.fields.flatMap { [$0.name.text, $0.value] },
            body: response.body)
    }
}

extension Response {
    fileprivate init(_ kept: KeptAnswer) {
        var headers = Headers()
        for index in stride(from: 0, to: kept.headers.count - 1, by: 2) {
            headers.add(HeaderName(kept.headers[index]), kept.headers[index + 1])
        }
        headers.add("Idempotency-Replayed", "true")
        let known = [Status.ok, .created].first { $0.code == kept.status }
        self.init(known ?? Status(kept.status), headers: headers, body: kept.body)
    }
}
