import Synchronization

/// How many of the server's places each client network has taken, so that no client can take them all: the others would get 503
/// for as long as that one holds on.
final class ClientShares: Sendable {
    /// What there are only so many of.
    enum Place: Hashable, Sendable, CaseIterable {
        case connection, stream, parkedPoll
    }

    fileprivate struct Holder: Hashable {
        let client: AddressRange
        let place: Place
    }

    private let limits: Limits
    private let taken = Mutex<[Holder: Int]>([:])

    init(limits: Limits) { self.limits = limits }

    /// A place that is taken until this is let go of: whichever way a connection ends, its share cannot leak.
    final class Lease: Sendable {
        private let shares: ClientShares
        private let holder: Holder

        fileprivate init(_ shares: ClientShares, _ holder: Holder) {
            (self.shares, self.holder) = (shares, holder)
        }

        deinit { shares.release(holder) }
    }

    /// Takes a place for a client network.
    ///
    /// - Returns: nil where the network has its share already.
    func lease(_ place: Place, for client: AddressRange) -> Lease? {
        let holder = Holder(client: client, place: place)
        let limit = limits.share(of: place)
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

    /// Whether no client has taken anything.
    var isEmpty: Bool { taken.withLock { $0.isEmpty } }
}

extension Limits {
    /// Places of a kind that one client network may take; 0 for any number.
    func share(of place: ClientShares.Place) -> Int {
        switch place {
        case .connection: connectionsPerClient
        case .stream: streamsPerClient
        case .parkedPoll: parkedPollsPerClient
        }
    }
}

extension RequestFailure {
    /// The client network has taken its share of a kind of place.
    static func shareTaken(_ place: ClientShares.Place) -> RequestFailure {
        let name =
            switch place {
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
