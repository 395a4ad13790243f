// SPDX-License-Identifier: Apache-2.0
import Glibc

extension Connection {
    /// Passes a complete request to the responder.
    func answer(_ head: RequestHead, _ body: [UInt8], _ spooledBody: SpooledBody? = nil) {
        worker.context.counters.requests.count()
        var request = Request(head: head, body: body, peer: peer, id: beginExchange(head))
        request.spooledBody = spooledBody
        carryOut(worker.context.responder.respond(to: request))
    }

    /// Carries out an answer of any kind, at whatever stage of the request it arrives.
    func carryOut(_ answer: Answer) {
        switch answer {
        case .ready(let response): send(response)
        case .pending(let executor, let work): wait(for: work, on: executor)
        case .parked(let request): park(request)
        case .stream(let response): begin(response)
        case .admittedStream(let open): admitStream(open)
        }
    }

    /// Sends the response to a request that failed before it reached a route.
    func answer(_ failure: RequestFailure, _ head: RequestHead?) {
        worker.context.counters.failures.count()
        dropSpool()
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

    /// Sends a complete response, head and body in one system call, or the head and then a file.
    func send(_ response: Response) {
        if let refusal = refusalUnderMemoryPressure(response) { return send(refusal) }
        isAnswerComplete = true
        let hasBody = !state.isForHead && response.status.allowsBody
        let body = hasBody ? response.body : []
        worker.headBuffer.removeAll(keepingCapacity: true)
        let head = response.prebuiltHead ?? []
        let isSmall = head.count + body.count <= Self.smallBytes
        if isSmall { worker.headBuffer.append(contentsOf: head) }
        ResponseEncoder.append(response, to: &worker.headBuffer)
        endHead()
        if hasBody, let slice = response.slice {
            write(isSmall ? [] : head, worker.headBuffer, slice)
        } else if isSmall {
            worker.headBuffer.append(contentsOf: body)
            write(worker.headBuffer)
        } else {
            write(head, worker.headBuffer, body)
        }
        finishExchange(response.status, bodyBytes: hasBody ? response.bodyBytes : 0, response.meter)
    }

    /// Up to this size, copying head and body into one buffer is cheaper than a gathering write (`writev`).
    private static let smallBytes = 4 * 1024

    /// Ends the head with the fields that only the connection knows: `X-Request-Id`, `Date`, `Connection`.
    func endHead() {
        if let exchange { ResponseEncoder.append(exchange.id, to: &worker.headBuffer) }
        worker.dateLine.append(state.option, to: &worker.headBuffer)
    }

    /// Sends an array; queues what the kernel does not accept.
    func write(_ bytes: [UInt8]) {
        guard output.isEmpty, bytes.count <= Self.bytesPerSend else { return write(bytes, [], []) }
        guard case .bytes(let sent) = bytes.withUnsafeBytes({ Socket.send(descriptor, $0) }) else {
            return worker.remove(self)
        }
        worker.context.counters.bytesSent.count(sent)
        if sent < bytes.count { queue(bytes, [], [], from: sent) }
        outputChanged(hasProgressed: true)
    }

    /// Sends up to three arrays (any may be empty); queues what the kernel does not accept.
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

    /// Sends two arrays, then a part of a file.
    private func write(_ first: [UInt8], _ second: [UInt8], _ slice: FileSlice) {
        output.append(first)
        output.append(second)
        output.append(slice)
        sendQueued()
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

    /// The socket became writable (EPOLLOUT).
    func flush() {
        sendQueued()
        pull()
    }

    /// Sends from the output queue, at most `bytesPerSend` per turn, so that other connections are not delayed.
    func sendQueued() {
        let before = output.byteCount
        let sent: Int, isBlocked: Bool
        let bound = output.hasFiles ? Self.fileBytesPerSend : Self.bytesPerSend
        switch output.send(to: descriptor, atMost: bound) {
        case .sent(let count, let isFull): (sent, isBlocked) = (count, isFull)
        case .broken: return worker.remove(self)
        case .fileFailed(let error):
            worker.context.configuration.onEvent(.fileFailed(reason: error.description))
            // Closed without the promised length, so that the client detects the truncation (RFC 9112 §8).
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

    /// Updates the write deadline of a stalled client, and detects that the response is completely sent.
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
    /// Awaits the final answer. If the work returns `pending` again, that runs in the same task, without a round trip to the
    /// worker.
    fileprivate func found() async -> Answer {
        var answer = self
        while case .pending(let executor, let work) = answer {
            answer = await withTaskExecutorPreference(executor, operation: work)
        }
        return answer
    }
}
