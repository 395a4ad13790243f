// SPDX-License-Identifier: Apache-2.0
import CEpoll
import Glibc

/// Socket system calls, with their outcomes as enums.
enum Socket {
    /// Outcome of a read.
    enum Received {
        case bytes(Int)
        case end
        case nothingNow
        case failed
    }

    /// Outcome of a write.
    enum Sent {
        case bytes(Int)
        case failed
    }

    /// Outcome of sending a file.
    enum SentFile {
        case bytes(Int)
        case failed
        /// The file, not the connection, is the cause.
        case fileFailed(FileError)
    }

    /// Outcome of an accept.
    enum Accepted {
        case connection(Int32, peer: SocketAddress)
        case nothingNow
        /// Aborted before it was accepted, or of an unknown family; try the next.
        case skipped
        case failed(Int32)
    }

    static func set(_ option: Int32, of descriptor: Int32, to value: Int32 = 1, level: Int32 = SOL_SOCKET) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    static func accept(_ listener: Int32) -> Accepted {
        var storage = sockaddr_storage()
        var length = UInt32(MemoryLayout<sockaddr_storage>.size)
        let descriptor = cepoll_accept(listener, &storage, &length)
        guard descriptor < 0 else {
            if let peer = SocketAddress(storage) { return .connection(descriptor, peer: peer) }
            close(descriptor)
            return .skipped
        }
        switch errno {
        case EAGAIN: return .nothingNow
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .failed(errno)
        // accept(2): pending network errors of the new connection are reported here; retry.
        default: return .skipped
        }
    }

    /// Whether the receive buffer has unread bytes.
    static func hasInput(_ descriptor: Int32) -> Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) > 0
    }

    static func receive(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Received {
        while true {
            let count = cepoll_receive(descriptor, buffer.baseAddress, UInt(buffer.count))
            if count > 0 { return .bytes(count) }
            if count == 0 { return .end }
            if errno != EINTR { return errno == EAGAIN ? .nothingNow : .failed }
        }
    }

    /// Sends a contiguous buffer.
    static func send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Sent {
        while true {
            let count = cepoll_send(descriptor, bytes.baseAddress, UInt(bytes.count))
            if count >= 0 { return .bytes(count) }
            if errno != EINTR { return errno == EAGAIN ? .bytes(0) : .failed }
        }
    }

    /// Sends a part of a file (`sendfile`).
    static func send(_ descriptor: Int32, _ file: FileBody, from offset: Int, count: Int) -> SentFile {
        while true {
            let sent = cepoll_sendfile(descriptor, file.descriptor, offset, UInt(count))
            if sent > 0 { return .bytes(sent) }
            if sent == 0 { return .fileFailed(FileError(call: "sendfile", code: 0)) }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .bytes(0)
            case EIO, EINVAL, EBADF, ESPIPE, EOVERFLOW:
                return .fileFailed(FileError(call: "sendfile", code: errno))
            default: return .failed
            }
        }
    }

    /// `writev` with MSG_NOSIGNAL: writing to a closed connection must not raise SIGPIPE, which would end the process.
    /// `isMoreToCome` (MSG_MORE): what follows at once may share a segment with these bytes.
    static func send(
        _ descriptor: Int32, _ vectors: UnsafeMutableBufferPointer<iovec>, isMoreToCome: Bool = false
    ) -> Sent {
        let flags = Int32(MSG_NOSIGNAL) | (isMoreToCome ? Int32(MSG_MORE) : 0)
        var message = msghdr()
        message.msg_iov = vectors.baseAddress
        message.msg_iovlen = vectors.count
        while true {
            let count = sendmsg(descriptor, &message, flags)
            if count >= 0 { return .bytes(count) }
            if errno != EINTR { return errno == EAGAIN ? .bytes(0) : .failed }
        }
    }
}
