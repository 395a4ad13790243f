// SPDX-License-Identifier: Apache-2.0
import Threads

extension Connection {
    /// Begins to receive a body to disk, unless too many are.
    func readSpooled(_ policy: SpoolPolicy) {
        // A new exchange begins when the body is complete.
        exchange = nil
        state.admit(atMost: policy.limit, isSpooled: true, at: worker.now)
        if let slot = worker.context.spoolSlots.take() {
            spool = Spool(policy, slot: slot)
        } else {
            state.refuse(.tooManySpooled)
        }
    }

    /// Has bytes written by another thread; nothing is read from the socket meanwhile (back-pressure). `head` comes with the last
    /// ones, and is the request to be answered then.
    func write(_ bytes: [UInt8], ofRequest head: RequestHead?) {
        guard let spool else { return }
        // The line has no bound but that of the bodies.
        _ = Spool.threads.add { [worker, id] in
            let outcome = Result { () throws(FileError) -> SpooledBody? in
                guard head == nil else { return try spool.finish(bytes) }
                try spool.append(bytes)
                return nil
            }
            worker.perform(on: id) { connection in
                connection.hasWritten(outcome, ofRequest: head)
                connection.advance()
            }
        }
    }

    private func hasWritten(_ outcome: Result<SpooledBody?, FileError>, ofRequest head: RequestHead?) {
        state.spooled(at: worker.now)
        switch outcome {
        case .success(let body):
            guard let head, let body else { return }
            spool = nil
            answer(head, [], body)
        case .failure(let error):
            worker.context.configuration.onEvent(.spoolFailed(reason: error.description))
            let failure = RequestFailure(spooling: error)
            guard let head else { return state.refuse(failure) }
            state.closeAfterAnswer()
            answer(failure, head)
        }
    }

    /// Deletes what was received of a body that will not be complete. Not on the worker's queue: freeing the blocks of a file takes
    /// time.
    func dropSpool() {
        guard let dropped = spool else { return }
        spool = nil
        _ = Spool.threads.add { withExtendedLifetime(dropped) {} }
    }
}

/// Spools the bodies of a route that were small enough to be read without admission, so that the route gets all of them in one form.
enum SmallBodySpooling {
    /// Decides on admission as for a large body, writes the body to disk, and then asks the route's handler.
    static func answer(
        _ request: Request, _ route: Route, _ policy: SpoolPolicy, refuse: @escaping RouterBuilder.Refusal
    ) -> Answer {
        .pending {
            if case .refused(let response) = await route.admit(request).settled { return .ready(response) }
            switch await spool(request.body, policy) {
            case .success(let body): return route.handler(request.spooled(body))
            case .failure(let failure): return .ready(refuse(failure, request, request.id))
            }
        }
    }

    private static func spool(_ bytes: [UInt8], _ policy: SpoolPolicy) async -> Result<
        SpooledBody, RequestFailure
    > {
        guard bytes.count <= policy.limit else {
            return .failure(ChunkedDecoder.bodyTooLarge(policy.limit))
        }
        return await withCheckedContinuation { continuation in
            let isAccepted = Spool.smallThread.add {
                let body = Result { () throws(FileError) in
                    try Spool(policy, slot: nil).finish(bytes)
                }
                continuation.resume(returning: body.mapError { RequestFailure(spooling: $0) })
            }
            if !isAccepted { continuation.resume(returning: .failure(.tooManySpooled)) }
        }
    }
}

extension Admission {
    /// Awaits the decision, which is not `pending`.
    fileprivate var settled: Admission {
        get async {
            var admission = self
            while case .pending(_, let work) = admission { admission = await work() }
            return admission
        }
    }
}

extension Request {
    /// The same request with its body on disk.
    fileprivate func spooled(_ spooledBody: SpooledBody) -> Request {
        var request = self
        (request.body, request.spooledBody) = ([], spooledBody)
        return request
    }
}
