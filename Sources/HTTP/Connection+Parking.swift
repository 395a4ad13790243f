extension Connection {
    /// Keeps the request until its topic changes, or its time is over.
    func park(_ request: ParkedRequest) {
        guard let lease = pollLease ?? lease(.parkedPoll) else { return send(refusal(of: .parkedPoll)) }
        (parked, pollLease) = (request, lease)
        worker.waiting.add(id, to: request.topic, of: worker)
        settleLoad()
        if state.isStopping || hasHungUp {
            resume(isLast: true)
        } else if request.topic.version != request.version {
            // It changed between the look and this moment, and told only those who waited then.
            resume(isLast: false)
        }
    }

    /// Has a parked request looked at again, if there is one.
    func resume(isLast: Bool) {
        guard let request = parked else { return }
        leaveParking()
        exchange?.hasWaited(until: worker.now)
        carryOut(request.answer(isLast))
    }

    /// The request waits no more.
    func leaveParking() {
        guard let request = parked else { return }
        parked = nil
        worker.waiting.remove(id, from: request.topic, of: worker)
        settleLoad()
    }
}
