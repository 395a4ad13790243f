import CEpoll
import Glibc

/// An epoll descriptor: many sockets gathered under one, which a single dispatch source watches.
struct Epoll {
    let descriptor: Int32

    /// nil when the system has no descriptor left.
    init?() {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        if descriptor < 0 { return nil }
    }

    /// Reports a listening socket for as long as connections wait.
    func addListener(_ socket: Int32, token: UInt64) -> Bool {
        control(EPOLL_CTL_ADD, socket, EPOLLIN.rawValue, token)
    }

    /// Watches a listening socket no more, or again.
    func setListener(_ socket: Int32, token: UInt64, isArmed: Bool) {
        _ = control(EPOLL_CTL_MOD, socket, isArmed ? EPOLLIN.rawValue : 0, token)
    }

    /// Reports each change of a connection once, for reading and writing: no further call is needed for its life.
    func addConnection(_ socket: Int32, token: UInt64) -> Bool {
        let events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        return control(EPOLL_CTL_ADD, socket, events, token)
    }

    private func control(_ operation: Int32, _ socket: Int32, _ events: UInt32, _ token: UInt64) -> Bool {
        var event = epoll_event(events: events, data: epoll_data_t(u64: token))
        return epoll_ctl(descriptor, operation, socket, &event) == 0
    }

    /// Fills `events` with what there is, without waiting.
    func poll(_ events: inout [epoll_event]) -> Int {
        max(0, Int(epoll_wait(descriptor, &events, Int32(events.count), 0)))
    }
}
