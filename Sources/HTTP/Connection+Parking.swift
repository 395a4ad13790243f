// SPDX-License-Identifier: Apache-2.0
extension Connection {
    /// Parks a long poll until its topic changes or its deadline passes.
    func park(_ request: ParkedRequest) {
        guard let lease = pollLease ?? lease(.parkedPoll) else { return send(refusal(of: .parkedPoll)) }
        (parked, pollLease) = (request, lease)
        worker.waiting.add(id, to: request.topic, of: worker)
        updateGauges()
        if state.isStopping || hasHungUp {
            resume(isLast: true)
        } else if request.topic.version != request.version {
            // The topic changed after the responder checked it, and before this connection was registered.
            resume(isLast: false)
        }
    }

    /// Evaluates the parked request again, if there is one.
    func resume(isLast: Bool) {
        guard let request = parked else { return }
        leaveParking()
        exchange?.hasWaited(until: worker.now)
        carryOut(request.answer(isLast))
    }

    /// Removes the parked request from its topic.
    func leaveParking() {
        guard let request = parked else { return }
        parked = nil
        worker.waiting.remove(id, from: request.topic, of: worker)
        updateGauges()
    }
}
