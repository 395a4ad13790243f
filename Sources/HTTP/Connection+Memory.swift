extension Connection {
    /// Asks whether a large body is to be read, if there is room for it.
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
        // The request is taken up anew when its body is there.
        exchange = nil
        state.admit(atMost: bytes, at: worker.now)
    }

    /// What is sent instead of a large answer when there is no room for more that is not taken. Only of reads: what was done must
    /// not be answered as if it were not.
    func refusalForWantOfMemory(_ response: Response) -> Response? {
        guard response.body.count > worker.context.limits.freeAnswerBytes,
            worker.context.server.isMemoryExceeded,
            let open = exchange, let head = open.head, head.line.method == .get
        else { return nil }
        // Who has sent more requests ahead must not have them all looked up for nothing.
        state.closeAfterAnswer()
        let request = Request(head: head, body: [], peer: peer, id: open.id)
        return worker.context.responder.respond(to: .memoryFull, request: request, id: open.id)
    }

    /// Sheds the load of a client that holds things up, now that too much is held.
    ///
    /// - Returns: whether it did.
    func shed() -> Bool {
        guard state.holdsUp(at: worker.now) else { return false }
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
    /// More is held for clients than may be.
    static let memoryFull = RequestFailure(
        .serviceUnavailable, "the server holds as much for its clients as it may; try again in a moment")
}
