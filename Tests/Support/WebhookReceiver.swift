// SPDX-License-Identifier: Apache-2.0
internal import Dispatch
internal import Glibc
internal import Synchronization

/// A server for webhooks, push messages and cards that keeps what it gets, and answers by a script, or with pages.
public final class WebhookReceiver: Sendable {
    /// Where it listens.
    public let port: UInt16
    private let descriptor: Int32
    private let state = Mutex(State())

    private struct State {
        var received: [Received] = []
        var answers: [String: [String]] = [:]
        var pages: [String: [UInt8]] = [:]
        var delay: useconds_t = 0
    }

    /// Listens on a free port of the loopback address.
    public init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isBound else { throw Failure() }
        (self.descriptor, port) = (descriptor, UInt16(bigEndian: address.sin_port))
        DispatchQueue(label: "receiver").async { [weak self] in
            while case let client = accept(descriptor, nil, nil), client >= 0 {
                // Each with a thread, however many are blocked.
                DispatchQueue(label: "sender").async { [weak self] in
                    self?.serve(client)
                    close(client)
                }
            }
            close(descriptor)
        }
    }

    deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// It cannot listen.
    public struct Failure: Error {}

    /// Its address, without a path.
    public var url: String { "http://127.0.0.1:\(port)" }

    /// All that came, in order.
    public var received: [Received] { state.withLock { $0.received } }

    /// Answers the next requests to a path by these: a status, or a status and fields as `503 x\r\nRetry-After: 1`. Later ones get 204.
    public func answer(_ path: String = "hook", _ answers: String...) {
        state.withLock { $0.answers["/" + path, default: []] += answers }
    }

    /// Answers each request to a path, with its query, by this page.
    public func serve(_ path: String, _ page: String) { serve(path, Array(page.utf8)) }

    /// Answers each request to a path by these bytes.
    public func serve(_ path: String, _ bytes: [UInt8]) { state.withLock { $0.pages["/" + path] = bytes } }

    /// Waits so long before each answer.
    public func delay(milliseconds: Int) { state.withLock { $0.delay = useconds_t(milliseconds * 1_000) } }

    /// The ids of updates that it was told of, each at its first delivery.
    public var updates: [String] {
        var found: [String] = []
        for id in received.compactMap(\.update) where !found.contains(id) { found.append(id) }
        return found
    }

    /// The ids of the deliveries about each update.
    public var ids: [String: Set<String>] {
        received.reduce(into: [:]) { ids, one in
            if let update = one.update { ids[update, default: []].insert(one.id) }
        }
    }

    private func serve(_ client: Int32) {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard recv(client, &byte, 1, 0) == 1 else { return }
            bytes.append(byte)
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").map(String.init)
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
            if parts.count == 2 { fields[parts[0].lowercased()] = parts[1] }
        }
        let count = Int(fields["content-length"] ?? "") ?? 0
        var body = [UInt8](repeating: 0, count: count)
        guard count == 0 || recv(client, &body, count, Int32(MSG_WAITALL)) == count else { return }
        let path = lines.first?.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        let request = Received(path: path, fields: fields, bytes: body)
        let (answer, page, delay) = state.withLock { state -> (String, [UInt8], useconds_t) in
            state.received.append(request)
            let waiting = state.answers[path] ?? []
            state.answers[path] = Array(waiting.dropFirst())
            let page = waiting.isEmpty ? state.pages[path] : nil
            return (waiting.first ?? (page == nil ? "204 None" : "200 OK"), page ?? [], state.delay)
        }
        usleep(delay)
        let reply = Array("HTTP/1.1 \(answer)\r\nContent-Length: \(page.count)\r\n\r\n".utf8) + page
        _ = send(client, reply, reply.count, Int32(MSG_NOSIGNAL))
    }
}

/// What came to a receiver.
public struct Received: Sendable {
    /// The path of the request.
    public let path: String
    /// Its header fields, by names in lower case.
    public let fields: [String: String]
    /// Its body.
    public let bytes: [UInt8]

    /// Its body as text.
    public var body: String { String(decoding: bytes, as: UTF8.self) }

    /// The `webhook-id`.
    public var id: String { fields["webhook-id"] ?? "" }

    /// The bytes that signatures are of.
    public var message: [UInt8] { Array("\(id).\(fields["webhook-timestamp"] ?? "").\(body)".utf8) }

    /// The base64 of the signatures with this version.
    public func signatures(_ version: String) -> [String] {
        (fields["webhook-signature"] ?? "").split(separator: " ").map(String.init)
            .filter { $0.hasPrefix(version + ",") }.map { String($0.dropFirst(version.count + 1)) }
    }

    /// The type of its event.
    public var type: String { text(of: "type") }

    /// The number in its data.
    public var seq: Int { Int(body.split(separator: "\"seq\":").last?.prefix { $0.isNumber } ?? "") ?? 0 }

    /// The update in its data.
    public var update: String? {
        let id = text(of: "update")
        return id.isEmpty ? nil : id
    }

    private func text(of name: String) -> String {
        String(body.split(separator: "\"\(name)\":\"").dropFirst().first?.prefix { $0 != "\"" } ?? "")
    }
}
