extension Connection {
    /// Sends the head of a stream and lets its writer loose.
    func begin(_ response: StreamResponse) {
        // Without chunks the end of the body is the end of the connection.
        if state.version == .http10 { state.closeAfterAnswer() }
        guard !isAnswerToHead, response.status.allowsBody else {
            return sendHead(of: response, isComplete: true)
        }
        let writer = StreamWriter(limit: worker.context.limits.unsentStreamBytes) { [worker, id] in
            worker.streamHasBytes(id)
        }
        stream = writer
        worker.context.counters.openStreams.count()
        sendHead(of: response, isComplete: false)
        // The client may have gone while the head was sent; the writer is closed then, and says so.
        response.start(writer)
    }

    private func sendHead(of response: StreamResponse, isComplete: Bool) {
        isAnswerComplete = isComplete
        worker.headBuffer.removeAll(keepingCapacity: true)
        let body: ResponseEncoder.Body = state.version == .http10 ? .untilClose : .chunked
        ResponseEncoder.append(response.status, response.headers, body: body, to: &worker.headBuffer)
        write(worker.headBuffer, worker.dateLine.bytes(state.option), [])
    }

    /// Sends what was written to the stream, once all before it has been taken.
    func sendStream() {
        guard let stream else { return }
        if stream.isDropped { return dropReader() }
        guard output.isEmpty else { return stream.setUnsent(output.byteCount) }
        let batch = stream.fetch()
        enqueue(batch)
        if batch.isLast {
            isAnswerComplete = true
            endStream()
        }
        sendQueued()
        stream.setUnsent(output.byteCount)
        if batch.isLast { advance() } else { worker.table.setDeadline(state.deadline, of: id) }
    }

    /// Queues the arrays as one chunk (RFC 9112 §7.1).
    private func enqueue(_ batch: StreamWriter.Batch) {
        let isChunked = state.version == .http11
        if isChunked, batch.byteCount > 0 {
            var size: [UInt8] = []
            size.append(hexadecimal: batch.byteCount)
            output.append(size + ASCII.crlf)
        }
        for chunk in batch.chunks { output.append(chunk) }
        if isChunked, batch.byteCount > 0 { output.append(ASCII.crlf) }
        if isChunked, batch.isLast { output.append(Self.lastChunk) }
    }

    private static let lastChunk = Array("0\r\n\r\n".utf8)

    private func dropReader() {
        worker.context.counters.droppedReaders.count()
        worker.context.configuration.onEvent(.readerDropped(peer: peer))
        worker.remove(self)
    }

    /// The stream is over for its writer, whatever is still to be sent.
    func endStream() {
        guard let ended = stream else { return }
        stream = nil
        worker.context.counters.openStreams.count(-1)
        ended.close()
    }
}
