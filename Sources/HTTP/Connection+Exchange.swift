// SPDX-License-Identifier: Apache-2.0
extension Connection {
    /// Begins a request and assigns its id.
    func beginExchange(_ head: RequestHead?) -> RequestID {
        let id = worker.nextRequestID(head)
        exchange = OpenExchange(head, peer: peer, id: id, at: worker.now)
        return id
    }

    /// Records the exchange: the response, or the head of a stream, has been passed to the kernel or the output queue.
    func finishExchange(_ status: Status, bodyBytes: Int, _ meter: RouteMeter?, isStream: Bool = false) {
        // The exchange is gone if the client disconnected in the meantime.
        guard let open = exchange.take() else { return }
        releaseLeases()
        let done = Exchange(open, status, bodyBytes: bodyBytes, meter: meter, at: .now)
        (meter ?? worker.context.unrouted).record(
            status, seconds: isStream ? nil : done.seconds, worker: worker.index)
        worker.context.configuration.onExchange?(done)
    }

    /// Records that the client disconnected before it was answered.
    func abandonExchange() {
        guard let open = exchange.take() else { return }
        releaseLeases()
        worker.context.counters.abandonedRequests.count()
        worker.context.configuration.onExchange?(
            Exchange(open, nil, bodyBytes: 0, meter: nil, at: .now))
    }

    /// Returns the quota units of a request that has ended.
    private func releaseLeases() {
        pollLease = nil
        streamLease = nil
    }
}
