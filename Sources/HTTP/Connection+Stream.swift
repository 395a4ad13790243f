// SPDX-License-Identifier: Apache-2.0
/// An open stream.
struct OpenStream {
    let body: any StreamBody
    let topic: Topic
    let heartbeat: [UInt8]
    /// Time between two heartbeats, with this connection's jitter.
    let pause: Duration
    var nextHeartbeat: Instant
    /// Whether a `StreamStep.load` is running.
    var isLoading = false
    /// The stream's unit of its client's quota.
    private let lease: ClientQuotas.Lease

    init(_ response: StreamResponse, _ lease: ClientQuotas.Lease, at now: Instant) {
        self.lease = lease
        body = response.body
        topic = response.topic
        heartbeat = response.heartbeat
        // Jitter, 5 % to 35 % off: readers who were all sent the same message must not all be due at the same time.
        pause = response.heartbeatTime * Double.random(in: 0.65...0.95)
        nextHeartbeat = heartbeat.isEmpty ? .never : now + pause
    }

    /// Restarts the heartbeat interval after a send.
    mutating func hasSent(at now: Instant) {
        if !heartbeat.isEmpty { nextHeartbeat = now + pause }
    }
}

extension Connection {
    /// Steps of one stream before other connections get a turn.
    private static let stepsPerTurn = 16

    /// Takes a unit of the client's quota before anything is done for the stream.
    func admitStream(_ open: () -> Answer) {
        if !state.isForHead {
            guard let lease = lease(.stream) else { return send(refusal(of: .stream)) }
            streamLease = lease
        }
        carryOut(open())
    }

    /// Sends the head of a stream, and what its body has so far.
    func begin(_ response: StreamResponse) {
        // HTTP/1.0 has no chunks: closing the connection ends the body.
        if state.version == .http10 { state.closeAfterAnswer() }
        guard !state.isForHead, response.status.allowsBody else {
            return sendHead(of: response, isComplete: true)
        }
        guard let lease = streamLease ?? lease(.stream) else { return send(refusal(of: .stream)) }
        stream = OpenStream(response, lease, at: worker.now)
        state.dropCachedHead()
        updateGauges()
        // Subscribe before the body is read, so that no change in between is missed.
        worker.waiting.add(id, to: response.topic, of: worker)
        sendHead(of: response, isComplete: false)
        pull()
        if state.isStopping, stream != nil { finishStream() }
    }

    private func sendHead(of response: StreamResponse, isComplete: Bool) {
        isAnswerComplete = isComplete
        worker.headBuffer.removeAll(keepingCapacity: true)
        let body: ResponseEncoder.Body = state.version == .http10 ? .untilClose : .chunked
        ResponseEncoder.append(response.status, response.headers, body: body, to: &worker.headBuffer)
        endHead()
        write(worker.headBuffer)
        finishExchange(response.status, bodyBytes: 0, response.meter, isStream: true)
    }

    /// Pulls from the stream's body for as long as the kernel accepts bytes.
    func pull() {
        guard stream != nil else { return }
        for _ in 0..<Self.stepsPerTurn {
            guard isOpen, output.isEmpty, let stream, !stream.isLoading else { return updateDeadline() }
            switch stream.body.next() {
            case .send(let chunks): send(chunks)
            case .wait: return updateDeadline()
            case .load(let work): load(work)
            case .end:
                finishStream()
                return advance()
            }
        }
        worker.perform(on: id) { $0.pull() }
    }

    private func load(_ work: @escaping @Sendable () async -> Void) {
        stream?.isLoading = true
        task = Task { @Sendable [worker, id] in
            await work()
            worker.perform(on: id) { connection in
                connection.task = nil
                connection.stream?.isLoading = false
                connection.pull()
            }
        }
    }

    /// Sends the arrays as one chunk (RFC 9112 §7.1).
    private func send(_ chunks: [[UInt8]]) {
        stream?.hasSent(at: worker.now)
        let count = chunks.reduce(0) { $0 + $1.count }
        guard count > 0 else { return }
        let isChunked = state.version == .http11
        if isChunked {
            var size: [UInt8] = []
            size.append(hexadecimal: count)
            output.append(size + ASCII.crlf)
        }
        for chunk in chunks { output.append(chunk) }
        if isChunked { output.append(ASCII.crlf) }
        sendQueued()
    }

    /// Sends a heartbeat if one is due.
    func sendHeartbeatIfDue() {
        guard isOpen, let stream, stream.nextHeartbeat <= worker.now else { return }
        // Unsent output is itself a sign of life; more of it would only grow the queue.
        if output.isEmpty { send([stream.heartbeat]) } else { self.stream?.hasSent(at: worker.now) }
    }

    /// Ends the body after the pending output.
    func finishStream() {
        isAnswerComplete = true
        endStream()
        if state.version == .http11 { output.append(Self.lastChunk) }
        sendQueued()
    }

    private static let lastChunk = Array("0\r\n\r\n".utf8)

    /// The stream's topic changed. A reader that has fallen too far behind is dropped (back-pressure without a queue per reader).
    func streamHasChanged() {
        if !output.isEmpty, let stream, stream.body.isLeftBehind { return dropReader() }
        pull()
    }

    private func dropReader() {
        worker.context.counters.droppedReaders.count()
        worker.context.configuration.onEvent(.readerDropped(peer: peer))
        worker.remove(self)
    }

    /// Ends the stream, whether or not its output is sent.
    func endStream() {
        guard let ended = stream else { return }
        stream = nil
        task?.cancel()
        worker.waiting.remove(id, from: ended.topic, of: worker)
        // Last, so that an observer who counts no open stream sees no subscribed topic either.
        updateGauges()
    }
}
