import Glibc

extension Connection {
    /// Has a request answered.
    func answer(_ request: Request) {
        worker.context.counters.requests.count()
        isAnswerToHead = request.method == .head
        switch worker.context.responder.respond(to: request) {
        case .ready(let response): send(response)
        case .pending(let work): wait(for: work)
        case .stream(let response): begin(response)
        }
    }

    /// Has the answer to a failure made, and sends it.
    func answer(_ failure: RequestFailure, _ head: RequestHead?) {
        worker.context.counters.failures.count()
        let request = head.map { Request(head: $0, body: [], peer: peer) }
        isAnswerToHead = request?.method == .head
        send(worker.context.responder.respond(to: failure, request: request))
    }

    private func wait(for work: @escaping @Sendable () async -> Response) {
        task = Task { @Sendable [worker, id] in
            let response = await work()
            worker.perform(on: id) { connection in
                connection.task = nil
                connection.send(response)
                connection.advance()
            }
        }
    }

    /// Sends a whole response: its head, the line ends of this second, and its body in one call.
    private func send(_ response: Response) {
        isAnswerComplete = true
        let body = isAnswerToHead || !response.status.allowsBody ? [] : response.body
        let end = worker.dateLine.bytes(state.option)
        if let head = response.prebuiltHead, response.headers.isEmpty { return write(head, end, body) }
        worker.headBuffer.removeAll(keepingCapacity: true)
        ResponseEncoder.append(response, to: &worker.headBuffer)
        worker.headBuffer.append(contentsOf: end)
        write(response.prebuiltHead ?? [], worker.headBuffer, body)
    }

    /// Sends three arrays, of which any may be empty. What the kernel does not take at once is queued.
    func write(_ first: [UInt8], _ second: [UInt8], _ third: [UInt8]) {
        let count = first.count + second.count + third.count
        var sent = 0
        if output.isEmpty {
            guard case .bytes(let taken) = sendAtOnce(first, second, third) else {
                return worker.remove(self)
            }
            worker.context.counters.bytesSent.count(taken)
            sent = taken
        }
        if sent < count { queue(first, second, third, from: sent) }
        outputChanged(hasProgressed: true)
    }

    private func sendAtOnce(_ first: [UInt8], _ second: [UInt8], _ third: [UInt8]) -> Socket.Sent {
        withUnsafeTemporaryAllocation(of: iovec.self, capacity: 3) { vectors in
            first.withUnsafeBytes { first in
                second.withUnsafeBytes { second in
                    third.withUnsafeBytes { third in
                        vectors[0] = iovec(first)
                        vectors[1] = iovec(second)
                        vectors[2] = iovec(third)
                        return Socket.send(descriptor, vectors)
                    }
                }
            }
        }
    }

    private func queue(_ first: [UInt8], _ second: [UInt8], _ third: [UInt8], from sent: Int) {
        output.append(first)
        output.append(second)
        output.append(third)
        output.drop(sent)
    }

    /// The socket takes bytes again.
    func flush() {
        sendQueued()
        sendStream()
    }

    /// Hands what is queued to the kernel.
    func sendQueued() {
        let before = output.byteCount
        guard let sent = output.send(to: descriptor) else { return worker.remove(self) }
        worker.context.counters.bytesSent.count(sent)
        outputChanged(hasProgressed: sent > 0 || before == 0)
    }

    /// Keeps the deadline for a client that takes nothing, and sees when the answer is out.
    private func outputChanged(hasProgressed: Bool) {
        if hasProgressed { state.outputProgressed(isEmpty: output.isEmpty, at: worker.now) }
        if output.isEmpty, isAnswerComplete {
            isAnswerComplete = false
            state.answered(at: worker.now)
        }
    }
}

extension iovec {
    init(_ bytes: UnsafeRawBufferPointer) {
        self.init(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
    }
}
