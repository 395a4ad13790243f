import CEpoll
import Glibc

/// An epoll descriptor: many sockets gathered under one, which a single dispatch source watches, and an event
/// that other threads raise when they have something for the one that polls.
struct Epoll: Sendable {
    let descriptor: Int32
    private let wakeDescriptor: Int32

    /// What is reported when another thread has called `wake`.
    static let wakeToken = UInt64.max

    /// nil when the system has no descriptor left.
    init?() {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        wakeDescriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        // Edge-triggered, so that the event need not be read: each raise is reported once.
        guard descriptor >= 0, wakeDescriptor >= 0,
            control(EPOLL_CTL_ADD, wakeDescriptor, EPOLLIN.rawValue | EPOLLET.rawValue, Self.wakeToken)
        else {
            closeAll()
            return nil
        }
    }

    /// Closes the descriptors; whoever may still call `wake` must be done.
    func closeAll() {
        if descriptor >= 0 { close(descriptor) }
        if wakeDescriptor >= 0 { close(wakeDescriptor) }
    }

    /// Makes the poll that is going on, or the next one, report `wakeToken`. From any thread.
    func wake() { eventfd_write(wakeDescriptor, 1) }

    /// Reports a listening socket for as long as connections wait.
    func addListener(_ socket: Int32, token: UInt64) -> Bool {
        control(EPOLL_CTL_ADD, socket, EPOLLIN.rawValue, token)
    }

    /// Watches a listening socket no more, or again.
    func setListener(_ socket: Int32, token: UInt64, isArmed: Bool) {
        _ = control(EPOLL_CTL_MOD, socket, isArmed ? EPOLLIN.rawValue : 0, token)
    }

    /// Reports each change of a connection once, for reading and writing: no further call is needed for its
    /// life.
    func addConnection(_ socket: Int32, token: UInt64) -> Bool {
        let events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        return control(EPOLL_CTL_ADD, socket, events, token)
    }

    private func control(_ operation: Int32, _ socket: Int32, _ events: UInt32, _ token: UInt64) -> Bool {
        var event = epoll_event(events: events, data: epoll_data_t(u64: token))
        return epoll_ctl(descriptor, operation, socket, &event) == 0
    }

    /// Fills `events` with what there is, or comes within the time.
    func poll(_ events: inout [epoll_event], milliseconds: Int32) -> Int {
        max(0, Int(epoll_wait(descriptor, &events, Int32(events.count), milliseconds)))
    }
}
