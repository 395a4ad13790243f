/// A stream that is going on.
struct OpenStream {
    let body: any StreamBody
    let topic: Topic
    let heartbeat: [UInt8]
    /// The pause between two heartbeats of this connection.
    let pause: Duration
    var nextHeartbeat: Instant
    /// Whether the body fetches what comes next.
    var isLoading = false
    /// The stream's place in its client's share.
    private let lease: ClientShares.Lease

    init(_ response: StreamResponse, _ lease: ClientShares.Lease, at now: Instant) {
        self.lease = lease
        body = response.body
        topic = response.topic
        heartbeat = response.heartbeat
        // Cut by up to a third: what all readers got at once must not make all of them due at once.
        pause = response.heartbeatTime * Double.random(in: 0.65...0.95)
        nextHeartbeat = heartbeat.isEmpty ? .never : now + pause
    }

    /// Something is being sent.
    mutating func hasSent(at now: Instant) {
        if !heartbeat.isEmpty { nextHeartbeat = now + pause }
    }
}

extension Connection {
    /// Steps of a stream in one go before other connections get their turn.
    private static let stepsPerTurn = 16

    /// Sends the head of a stream, and what its body has.
    func begin(_ response: StreamResponse) {
        // Without chunks the end of the body is the end of the connection.
        if state.version == .http10 { state.closeAfterAnswer() }
        guard !state.isForHead, response.status.allowsBody else {
            return sendHead(of: response, isComplete: true)
        }
        guard let lease = lease(.stream) else { return send(refusal(of: .stream)) }
        stream = OpenStream(response, lease, at: worker.now)
        state.forgetHead()
        settleLoad()
        // Before the body is asked: a change from here on is told to this connection.
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

    /// Asks the stream's body for what comes next, for as long as the kernel takes it.
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

    /// Breaks a silence that has become long.
    func sendHeartbeatIfDue() {
        guard isOpen, let stream, stream.nextHeartbeat <= worker.now else { return }
        // A reader who has not taken what came before needs no sign of life.
        if output.isEmpty { send([stream.heartbeat]) } else { self.stream?.hasSent(at: worker.now) }
    }

    /// Ends the body after what was sent.
    func finishStream() {
        isAnswerComplete = true
        endStream()
        if state.version == .http11 { output.append(Self.lastChunk) }
        sendQueued()
    }

    private static let lastChunk = Array("0\r\n\r\n".utf8)

    /// The stream has more. A reader who has not taken what it had before, and is too far back by now, is dropped.
    func streamHasChanged() {
        if !output.isEmpty, let stream, stream.body.isLeftBehind { return dropReader() }
        pull()
    }

    private func dropReader() {
        worker.context.counters.droppedReaders.count()
        worker.context.configuration.onEvent(.readerDropped(peer: peer))
        worker.remove(self)
    }

    /// The stream is over, whatever is still to be sent.
    func endStream() {
        guard let ended = stream else { return }
        stream = nil
        task?.cancel()
        worker.waiting.remove(id, from: ended.topic, of: worker)
        // Last, so that whoever sees no stream open sees no topic awaited either.
        settleLoad()
    }
}
