// SPDX-License-Identifier: Apache-2.0
extension Connection {
    /// Admission control: asks the responder whether to read a large body, unless the memory limit is exceeded.
    func admit(_ head: RequestHead) {
        let request = Request(head: head, body: [], peer: peer, id: beginExchange(head))
        guard !worker.context.server.isMemoryExceeded else {
            return settle(
                .refused(worker.context.responder.respond(to: .memoryFull, request: request, id: request.id)))
        }
        settle(worker.context.responder.admit(request))
    }

    private func settle(_ admission: Admission) {
        switch admission {
        case .admitted: readBody(atMost: worker.context.limits.bodyBytes)
        case .limited: readBody(atMost: worker.context.limits.freeBodyBytes)
        case .spooled(let policy): readSpooled(policy)
        case .refused(let response):
            worker.context.counters.failures.count()
            state.answerWithoutBody()
            send(response)
        case .pending(let executor, let work):
            task = Task(executorPreference: executor) { @Sendable [worker, id] in
                let admission = await work()
                worker.perform(on: id) { connection in
                    connection.task = nil
                    connection.settle(admission)
                    connection.advance()
                }
            }
        }
    }

    private func readBody(atMost bytes: Int) {
        // A new exchange begins when the body is complete.
        exchange = nil
        state.admit(atMost: bytes, at: worker.now)
    }

    /// The 503 sent in place of a large response while the memory limit is exceeded. Only for safe methods: a write that was
    /// carried out must not be answered as if it had failed.
    func refusalUnderMemoryPressure(_ response: Response) -> Response? {
        guard response.body.count > worker.context.limits.freeAnswerBytes,
            worker.context.server.isMemoryExceeded,
            let open = exchange, let head = open.head, head.line.method == .get
        else { return nil }
        // No pipelined requests after this one: each would be handled only to be refused.
        state.closeAfterAnswer()
        let request = Request(head: head, body: [], peer: peer, id: open.id)
        return worker.context.responder.respond(to: .memoryFull, request: request, id: open.id)
    }

    /// Load shedding: closes the connection if its client is slow to send a large body or to read a response.
    ///
    /// - Returns: whether it was closed.
    func shed() -> Bool {
        // A file that is sent holds no memory.
        guard state.isSlow(at: worker.now), load.heldBytes > 0 else { return false }
        if output.isEmpty {
            state.refuse(.memoryFull)
            advance()
        } else {
            worker.context.configuration.onEvent(.writeStalled(peer: peer))
            worker.remove(self)
        }
        return true
    }
}

extension RequestFailure {
    /// The memory limit for clients is exceeded (503).
    static let memoryFull = RequestFailure(
        .serviceUnavailable, "the server holds as much for its clients as it may; try again in a moment")
}
