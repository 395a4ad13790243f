extension Connection {
    /// Takes up a request; gives its id.
    func beginExchange(_ head: RequestHead?) -> RequestID {
        let id = worker.nextRequestID(head)
        exchange = OpenExchange(head, peer: peer, id: id, at: worker.now)
        return id
    }

    /// The answer, or the head of a stream, is handed over.
    func finishExchange(_ status: Status, bodyBytes: Int, _ meter: RouteMeter?, isStream: Bool = false) {
        // Where the client was found gone meanwhile there is none any more.
        guard let open = exchange else { return }
        exchange = nil
        pollLease = nil
        let done = Exchange(open, status, bodyBytes: bodyBytes, meter: meter, at: .now)
        (meter ?? worker.context.unrouted).record(
            status, seconds: isStream ? nil : done.seconds, worker: worker.index)
        worker.context.configuration.onExchange?(done)
    }

    /// The client has gone without an answer.
    func abandonExchange() {
        guard let open = exchange else { return }
        exchange = nil
        pollLease = nil
        worker.context.counters.abandonedRequests.count()
        worker.context.configuration.onExchange?(
            Exchange(open, nil, bodyBytes: 0, meter: nil, at: .now))
    }
}
