import Glibc

extension Connection {
    /// Has a request answered.
    func answer(_ head: RequestHead, _ body: [UInt8]) {
        worker.context.counters.requests.count()
        let request = Request(head: head, body: body, peer: peer, id: beginExchange(head))
        carryOut(worker.context.responder.respond(to: request))
    }

    /// Does what an answer says, at whatever stage it comes to this connection.
    func carryOut(_ answer: Answer) {
        switch answer {
        case .ready(let response): send(response)
        case .pending(let executor, let work): wait(for: work, on: executor)
        case .parked(let request): park(request)
        case .stream(let response): begin(response)
        }
    }

    /// Has the answer to a failure made, and sends it.
    func answer(_ failure: RequestFailure, _ head: RequestHead?) {
        worker.context.counters.failures.count()
        let id = beginExchange(head)
        let request = head.map { Request(head: $0, body: [], peer: peer, id: id) }
        send(worker.context.responder.respond(to: failure, request: request, id: id))
    }

    private func wait(for work: @escaping @Sendable () async -> Answer, on executor: (any TaskExecutor)?) {
        task = Task(executorPreference: executor) { @Sendable [worker, id] in
            let answer = await work().found()
            worker.perform(on: id) { connection in
                connection.task = nil
                connection.carryOut(answer)
                connection.advance()
            }
        }
    }

    /// Sends a whole response: its head, the line ends of this second, and its body in one call.
    func send(_ response: Response) {
        if let refusal = refusalForWantOfMemory(response) { return send(refusal) }
        isAnswerComplete = true
        let body = state.isForHead || !response.status.allowsBody ? [] : response.body
        worker.headBuffer.removeAll(keepingCapacity: true)
        let head = response.prebuiltHead ?? []
        let isSmall = head.count + body.count <= Self.smallBytes
        if isSmall { worker.headBuffer.append(contentsOf: head) }
        ResponseEncoder.append(response, to: &worker.headBuffer)
        endHead()
        if isSmall {
            worker.headBuffer.append(contentsOf: body)
            write(worker.headBuffer)
        } else {
            write(head, worker.headBuffer, body)
        }
        finishExchange(response.status, bodyBytes: body.count, response.meter)
    }

    /// Up to here it costs less to copy an answer into one place than to have the kernel gather it.
    private static let smallBytes = 4 * 1024

    /// Ends the head in the worker's buffer with what only the connection knows.
    func endHead() {
        if let exchange { ResponseEncoder.append(exchange.id, to: &worker.headBuffer) }
        worker.headBuffer.append(contentsOf: worker.dateLine.bytes(state.option))
    }

    /// Sends an array. What the kernel does not take at once is queued.
    func write(_ bytes: [UInt8]) {
        guard output.isEmpty, bytes.count <= Self.bytesPerSend else { return write(bytes, [], []) }
        guard case .bytes(let sent) = bytes.withUnsafeBytes({ Socket.send(descriptor, $0) }) else {
            return worker.remove(self)
        }
        worker.context.counters.bytesSent.count(sent)
        if sent < bytes.count { queue(bytes, [], [], from: sent) }
        outputChanged(hasProgressed: true)
    }

    /// Sends three arrays, of which any may be empty. What the kernel does not take at once is queued.
    func write(_ first: [UInt8], _ second: [UInt8], _ third: [UInt8]) {
        let count = first.count + second.count + third.count
        guard count <= Self.bytesPerSend else {
            let isFirst = output.isEmpty
            queue(first, second, third, from: 0)
            return isFirst ? sendQueued() : ()
        }
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
        pull()
    }

    /// Hands what is queued to the kernel; if it is much, a part, and the next when others had their turn.
    func sendQueued() {
        let before = output.byteCount
        guard let (sent, isBlocked) = output.send(to: descriptor, atMost: Self.bytesPerSend) else {
            return worker.remove(self)
        }
        worker.context.counters.bytesSent.count(sent)
        outputChanged(hasProgressed: sent > 0 || before == 0)
        guard !isBlocked, !output.isEmpty, !isSendingLater else { return }
        isSendingLater = true
        worker.perform(on: id) { connection in
            connection.isSendingLater = false
            connection.flush()
            connection.advance()
        }
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

extension Answer {
    /// The answer once it takes no more time. What turns out to be pending again goes on in the same task, without a round trip to the
    /// worker in between.
    fileprivate func found() async -> Answer {
        var answer = self
        while case .pending(let executor, let work) = answer {
            answer = await withTaskExecutorPreference(executor, operation: work)
        }
        return answer
    }
}
