// SPDX-License-Identifier: MIT

#if os(Linux)
import CSMMFSystem
import Glibc
import NIOCore

/// A link that is a bare socket: bytes go to the system as they are sent, and only what it does not take is kept.
final class SocketLink: Link, OpeningLink {
    private enum State {
        case opening(until: NIODeadline)
        case open
        case closed
    }

    let descriptor: Int32
    /// Set by the loop, for the socket's events.
    var token: UInt64 = 0
    private let loop: EpollLoop
    private var owner: (any LinkOwner)?
    private var state = State.open
    /// Bytes that the socket has not taken; those before `taken` are gone.
    private var waiting: [UInt8] = []
    private var taken = 0
    private var isReading = true
    private var closesOutput = false
    /// Whether the owner is to hear when nothing waits any more.
    private var tellsDrained = false
    private var watched: UInt32 = 0
    /// Where else the host may be reached, when this address does not answer.
    private var alternatives: ArraySlice<SocketAddress> = []
    /// Whom it was connected to; nil for an accepted socket.
    private(set) var peer: SocketAddress?

    init(_ descriptor: Int32, _ loop: EpollLoop, _ owner: any LinkOwner) {
        self.descriptor = descriptor
        self.loop = loop
        self.owner = owner
    }

    var peerAddress: String? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) }
        }
        guard result == 0 else { return nil }
        return withUnsafeBytes(of: &storage) { bytes in
            switch Int32(bytes.load(as: sockaddr_storage.self).ss_family) {
            case AF_INET: SocketAddress(bytes.load(as: sockaddr_in.self)).ipAddress
            case AF_INET6: SocketAddress(bytes.load(as: sockaddr_in6.self)).ipAddress
            default: nil
            }
        }
    }

    // MARK: Opening

    func accepted() {
        setNoDelay()
        watched = EPOLLIN.rawValue | EPOLLRDHUP.rawValue
        loop.add(self, events: watched)
        owner?.opened(self)
    }

    /// Connects to the first of `addresses` that answers.
    static func connect(
        to addresses: ArraySlice<SocketAddress>,
        until deadline: NIODeadline,
        _ loop: EpollLoop,
        _ owner: any LinkOwner
    ) {
        guard let address = addresses.first else {
            return loop.later { owner.failedToOpen("its host name has no address") }
        }
        let descriptor = smmf_socket(address.protocol.rawValue)
        guard descriptor >= 0 else {
            let why = SystemCallError.text(errno)
            return loop.later { owner.failedToOpen(why) }
        }
        let link = SocketLink(descriptor, loop, owner)
        link.alternatives = addresses.dropFirst()
        link.peer = address
        link.setNoDelay()
        let result = address.withSockAddr { Glibc.connect(descriptor, $0, socklen_t($1)) }
        let number = errno
        link.state = .opening(until: deadline)
        link.watched = EPOLLOUT.rawValue
        loop.add(link, events: link.watched)
        guard result == 0 || number == EINPROGRESS else { return loop.later { link.failToOpen(number) } }
        loop.watchOpening(link)
    }

    func opens(at now: NIODeadline) -> Bool {
        guard case .opening(let deadline) = state else { return true }
        guard now >= deadline else { return false }
        failToOpen(ETIMEDOUT)
        return true
    }

    private func finishOpening() {
        guard case .opening(let deadline) = state else { return }
        var number: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &length)
        if number != 0, !alternatives.isEmpty, let owner {
            let others = alternatives
            self.owner = nil
            shut()
            return Self.connect(to: others, until: deadline, loop, owner)
        }
        guard number == 0 else { return failToOpen(number) }
        state = .open
        watch(EPOLLIN.rawValue | EPOLLRDHUP.rawValue)
        owner?.opened(self)
    }

    private func failToOpen(_ number: Int32) {
        let owner = self.owner
        self.owner = nil
        shut()
        owner?.failedToOpen(SystemCallError.text(number))
    }

    private func setNoDelay() {
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    // MARK: Link

    var isWritable: Bool { isOpen && waiting.count - taken < loop.highWater }

    private var isOpen: Bool { if case .open = state { true } else { false } }

    func send(_ bytes: Span<UInt8>) {
        guard isOpen, !closesOutput, !bytes.isEmpty else { return }
        var sent = 0
        if waiting.isEmpty {
            sent = bytes.withUnsafeBufferPointer { write($0.baseAddress, $0.count) }
            if sent == bytes.count || !isOpen { return }
        }
        bytes.extracting(sent..<bytes.count).withUnsafeBufferPointer { waiting.append(contentsOf: $0) }
        if !isWritable { tellsDrained = true }
        watch(watched | EPOLLOUT.rawValue)
    }

    func flush() {}

    func setReading(_ isReading: Bool) {
        guard isOpen, isReading != self.isReading else { return }
        self.isReading = isReading
        let reading = EPOLLIN.rawValue | EPOLLRDHUP.rawValue
        watch(isReading ? watched | reading : watched & ~reading)
    }

    func closeOutput() {
        guard isOpen, !closesOutput else { return }
        closesOutput = true
        tellsDrained = true
        // The loop calls back, so that the owner does not hear of it within its own call.
        if waiting.isEmpty { watch(watched | EPOLLOUT.rawValue) }
    }

    func close() {
        if case .closed = state { return }
        shut()
    }

    private func shut() {
        state = .closed
        waiting = []
        taken = 0
        Glibc.close(descriptor)
        loop.remove(self)
    }

    /// The last word to the owner.
    func tellClosed() {
        let owner = self.owner
        self.owner = nil
        owner?.closed()
    }

    // MARK: Events

    func happened(_ events: UInt32) {
        if case .opening = state { return finishOpening() }
        if events & EPOLLOUT.rawValue != 0 { writeWaiting() }
        guard isOpen else { return }
        if isReading {
            if events & ~EPOLLOUT.rawValue != 0 { read() }
        } else if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 {
            // What was not read yet is lost.
            shut()
            owner?.truncated()
        }
    }

    private func read() {
        let count = recv(descriptor, loop.readBuffer.baseAddress, EpollLoop.readSize, 0)
        guard count > 0 else {
            if count == 0 { return shut() }
            guard errno != EAGAIN, errno != EINTR else { return }
            shut()
            owner?.truncated()
            return
        }
        let bytes = UnsafeRawBufferPointer(rebasing: loop.readBuffer[..<count]).bindMemory(to: UInt8.self)
        owner?.received(bytes.span)
        if isOpen { owner?.receivedAll() }
    }

    private func writeWaiting() {
        if taken < waiting.count {
            let count = waiting.withUnsafeBufferPointer { buffer in
                write(buffer.baseAddress.map { $0 + taken }, buffer.count - taken)
            }
            guard isOpen else { return }
            taken += count
            if taken < waiting.count {
                // What was taken is let go of now and then, so that a slow reader does not keep it all.
                if taken > EpollLoop.readSize {
                    waiting.removeFirst(taken)
                    taken = 0
                }
                return
            }
        }
        waiting = []
        taken = 0
        watch(watched & ~EPOLLOUT.rawValue)
        if closesOutput { shutdown(descriptor, Int32(SHUT_WR)) }
        guard tellsDrained else { return }
        tellsDrained = false
        owner?.drained()
    }

    /// Writes what the socket takes now and returns how much that was; an error closes the link.
    private func write(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int {
        let result = Glibc.send(descriptor, start, count, Int32(MSG_NOSIGNAL))
        if result >= 0 { return result }
        if errno != EAGAIN && errno != EINTR { shut() }
        return 0
    }

    private func watch(_ events: UInt32) {
        guard events != watched else { return }
        watched = events
        loop.change(self, events: events)
    }
}
#endif
