// SPDX-License-Identifier: Apache-2.0
/// A slot of the table with its generation, which is incremented on reuse: a late event for a closed connection never reaches
/// the connection that reuses its slot.
struct ConnectionID: Hashable, Sendable {
    let slot: UInt32
    let generation: UInt32

    init(slot: Int, generation: UInt32) {
        self.slot = UInt32(slot)
        self.generation = generation
    }

    /// Decodes the `epoll_data` of an event.
    init(token: UInt64) {
        slot = UInt32(truncatingIfNeeded: token)
        generation = UInt32(truncatingIfNeeded: token >> 32)
    }

    var token: UInt64 { UInt64(generation) << 32 | UInt64(slot) }
}

/// The connections of one worker (slots with a free list). Deadlines are contiguous, so a tick scans thousands of them in
/// microseconds, and no connection needs a timer.
struct ConnectionTable {
    private var connections: [Connection?] = []
    private var generations: [UInt32] = []
    private var deadlines: [Instant] = []
    private var free: [Int] = []

    var isEmpty: Bool { free.count == connections.count }

    /// All open connections.
    var all: [Connection] { connections.compactMap { $0 } }

    subscript(id: ConnectionID) -> Connection? {
        let slot = Int(id.slot)
        guard slot < connections.count, generations[slot] == id.generation else { return nil }
        return connections[slot]
    }

    /// Adds the connection that `make` creates for the new id.
    mutating func add(_ make: (ConnectionID) -> Connection) -> Connection {
        let slot = free.popLast() ?? grow()
        let connection = make(ConnectionID(slot: slot, generation: generations[slot]))
        connections[slot] = connection
        return connection
    }

    private mutating func grow() -> Int {
        connections.append(nil)
        generations.append(0)
        deadlines.append(.never)
        return connections.count - 1
    }

    /// Removes the connection; `false` if it was removed before.
    mutating func remove(_ id: ConnectionID) -> Bool {
        guard self[id] != nil else { return false }
        let slot = Int(id.slot)
        connections[slot] = nil
        generations[slot] &+= 1
        deadlines[slot] = .never
        free.append(slot)
        return true
    }

    mutating func setDeadline(_ deadline: Instant, of id: ConnectionID) {
        guard self[id] != nil else { return }
        deadlines[Int(id.slot)] = deadline
    }

    /// The connections whose deadline has passed.
    func overdue(at now: Instant) -> [Connection] {
        deadlines.indices.lazy.filter { deadlines[$0] <= now }.compactMap { connections[$0] }
    }
}
