// SPDX-License-Identifier: Apache-2.0
import CEpoll
import Glibc

/// An epoll instance, itself watched by one dispatch source, with an eventfd by which other threads wake the thread that
/// polls.
struct Epoll: Sendable {
    let descriptor: Int32
    private let wakeDescriptor: Int32

    /// The token reported after `wake`.
    static let wakeToken = UInt64.max

    /// `nil` if the process is out of descriptors (EMFILE, ENFILE).
    init?() {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        wakeDescriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        // Edge-triggered, so the eventfd need not be read: each write is reported once.
        guard descriptor >= 0, wakeDescriptor >= 0,
            control(EPOLL_CTL_ADD, wakeDescriptor, EPOLLIN.rawValue | EPOLLET.rawValue, Self.wakeToken)
        else {
            closeAll()
            return nil
        }
    }

    /// Closes the descriptors. No thread may call `wake` any more.
    func closeAll() {
        if descriptor >= 0 { close(descriptor) }
        if wakeDescriptor >= 0 { close(wakeDescriptor) }
    }

    /// Makes the current or next poll report `wakeToken`. Safe from any thread.
    func wake() { eventfd_write(wakeDescriptor, 1) }

    /// Watches a listening socket, level-triggered: reported for as long as its backlog is not empty.
    func addListener(_ socket: Int32, token: UInt64) -> Bool {
        control(EPOLL_CTL_ADD, socket, EPOLLIN.rawValue, token)
    }

    /// Stops or resumes watching a listening socket.
    func setListener(_ socket: Int32, token: UInt64, isArmed: Bool) {
        _ = control(EPOLL_CTL_MOD, socket, isArmed ? EPOLLIN.rawValue : 0, token)
    }

    /// Watches a connection, edge-triggered, for input, output and half-close: no further `epoll_ctl` is needed until it
    /// closes.
    func addConnection(_ socket: Int32, token: UInt64) -> Bool {
        let events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        return control(EPOLL_CTL_ADD, socket, events, token)
    }

    private func control(_ operation: Int32, _ socket: Int32, _ events: UInt32, _ token: UInt64) -> Bool {
        var event = epoll_event(events: events, data: epoll_data_t(u64: token))
        return epoll_ctl(descriptor, operation, socket, &event) == 0
    }

    /// Waits up to `milliseconds` for events and stores them in `events`; returns their number, 0 on error or time-out.
    func poll(_ events: inout [epoll_event], milliseconds: Int32) -> Int {
        max(0, Int(epoll_wait(descriptor, &events, Int32(events.count), milliseconds)))
    }
}
