// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Quotas of each client network for connections, streams and parked long polls, so that one client cannot exhaust the server's
/// limits and have all others answered with 503. Safe to use from any thread.
final class ClientQuotas: Sendable {
    /// What a quota limits.
    enum Resource: Hashable, Sendable, CaseIterable {
        case connection, stream, parkedPoll
    }

    fileprivate struct Holder: Hashable {
        let client: AddressRange
        let resource: Resource
    }

    private let limits: Limits
    private let taken = Mutex<[Holder: Int]>([:])

    init(limits: Limits) { self.limits = limits }

    /// One unit of a quota. It is returned when the lease is deallocated, so no way of closing a connection can leak it.
    final class Lease: Sendable {
        private let quotas: ClientQuotas
        private let holder: Holder

        fileprivate init(_ quotas: ClientQuotas, _ holder: Holder) {
            (self.quotas, self.holder) = (quotas, holder)
        }

        deinit { quotas.release(holder) }
    }

    /// Takes one unit of the quota of a client network.
    ///
    /// - Returns: `nil` if the quota is used up.
    func lease(_ resource: Resource, for client: AddressRange) -> Lease? {
        let holder = Holder(client: client, resource: resource)
        let limit = limits.quota(of: resource)
        let isTaken = taken.withLock { taken in
            let count = taken[holder, default: 0]
            guard limit == 0 || count < limit else { return false }
            taken[holder] = count + 1
            return true
        }
        return isTaken ? Lease(self, holder) : nil
    }

    private func release(_ holder: Holder) {
        taken.withLock { taken in
            guard let count = taken[holder], count > 1 else {
                taken[holder] = nil
                return
            }
            taken[holder] = count - 1
        }
    }

    /// Whether no client holds a lease.
    var isEmpty: Bool { taken.withLock { $0.isEmpty } }
}

extension Limits {
    /// The quota of one client network; 0 for no limit.
    func quota(of resource: ClientQuotas.Resource) -> Int {
        switch resource {
        case .connection: connectionsPerClient
        case .stream: streamsPerClient
        case .parkedPoll: parkedPollsPerClient
        }
    }
}

extension RequestFailure {
    /// The refusal (503) for a client network whose quota is used up.
    static func quotaExceeded(_ resource: ClientQuotas.Resource) -> RequestFailure {
        let name =
            switch resource {
            case .connection: "connections"
            case .stream: "streams"
            case .parkedPoll: "polls that wait"
            }
        return RequestFailure(
            .serviceUnavailable,
            "your network has too many \(name) open here; close some, or come back later",
            retryAfterSeconds: 10)
    }
}
