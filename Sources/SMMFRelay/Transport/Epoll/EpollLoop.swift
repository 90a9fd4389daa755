// SPDX-License-Identifier: MIT

#if os(Linux)
import CSMMFSystem
import Glibc
import NIOCore
import Synchronization

/// One thread that waits for its sockets with epoll and tells their links what happened: no handler chain, no promise, no
/// buffer of a socket's own while nothing has to wait.
///
/// Sockets are watched level-triggered: whatever is left unread or unwritten is reported again, so that one system call
/// for one event is always enough.
final class EpollLoop: @unchecked Sendable {
    /// What a descriptor's events are about; the event carries it as a number.
    private struct Token {
        static let wakeUp = UInt64.max
        static let listener = UInt64.max - 1

        static func link(_ place: Int, _ generation: UInt32) -> UInt64 { UInt64(generation) << 32 | UInt64(place) }
    }

    private struct Place {
        var link: SocketLink?
        /// Counts the links that had this place, so that an event for an earlier one is known as such.
        var generation: UInt32 = 0
    }

    private struct Inbox {
        var tasks: [@Sendable () -> Void] = []
        var isOpen = true
    }

    /// Bytes that one read takes at the most.
    static let readSize = 64 * 1024
    private static let eventCount = 512
    /// Connections accepted for one event; the others wait for the next one, behind the sockets that are already there.
    private static let acceptCount = 64

    /// Bytes that may wait in a link before it is no longer writable.
    let highWater: Int
    let readBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: readSize, alignment: 64)
    private(set) var now = NIODeadline.now()

    private let epoll: Int32
    private let wakeUp: Int32
    private let inbox = Mutex(Inbox())
    /// Everything below belongs to the loop's thread.
    private var places: [Place] = []
    private var freePlaces: [Int] = []
    /// What is to be told once the present event is dealt with.
    private var postponed: [() -> Void] = []
    private var closing: [SocketLink] = []
    private var opening: [any OpeningLink] = []
    private var listener: Int32 = -1
    private var isListenerWatched = false
    private var makeOwner: (() -> any LinkOwner)?
    private var tick: (() -> Void)?
    private var tickInterval = TimeAmount.zero
    private var nextTick = NIODeadline.distantFuture

    /// Creates a loop that runs once `run` is called. Throws where the system has no descriptors left.
    init(highWater: Int) throws(SystemCallError) {
        self.highWater = highWater
        epoll = try SystemCallError.check("epoll_create1", epoll_create1(Int32(EPOLL_CLOEXEC)))
        wakeUp = try SystemCallError.check(
            "eventfd",
            eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        )
        watch(wakeUp, EPOLLIN.rawValue, Token.wakeUp, EPOLL_CTL_ADD)
    }

    deinit {
        readBuffer.deallocate()
        Glibc.close(wakeUp)
        Glibc.close(epoll)
    }

    // MARK: From any thread

    @discardableResult
    func execute(_ task: @escaping @Sendable () -> Void) -> Bool {
        let state = inbox.withLock { inbox in
            if inbox.isOpen { inbox.tasks.append(task) }
            return (isOpen: inbox.isOpen, isFirst: inbox.tasks.count == 1)
        }
        if state.isOpen, state.isFirst { _ = eventfd_write(wakeUp, 1) }
        return state.isOpen
    }

    // MARK: On the loop

    /// Serves until `stop` was called.
    func run() {
        var events = [epoll_event](repeating: epoll_event(), count: Self.eventCount)
        while inbox.withLock({ $0.isOpen }) {
            let count = Int(epoll_wait(epoll, &events, Int32(Self.eventCount), pause()))
            now = .now()
            if count > 0 { for index in 0..<count { dispatch(events[index]) } }
            settle()
            if now >= nextTick { runTick() }
        }
    }

    /// Ends the loop behind the tasks that it has, and closes what is open.
    func stop() {
        closeListener()
        for place in places { place.link?.close() }
        settle()
        let last = inbox.withLock { inbox in
            inbox.isOpen = false
            let tasks = inbox.tasks
            inbox.tasks = []
            return tasks
        }
        for task in last { task() }
        settle()
    }

    func startTicking(every interval: TimeAmount, _ tick: @escaping () -> Void) {
        self.tick = tick
        tickInterval = interval
        nextTick = .now() + interval
    }

    func startListening(on descriptor: Int32, _ makeOwner: @escaping () -> any LinkOwner) {
        listener = descriptor
        self.makeOwner = makeOwner
        isListenerWatched = true
        watchListener()
    }

    /// One of several loops with the same socket is woken up for a connection, and not all of them.
    private func watchListener() {
        watch(listener, EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue, Token.listener, EPOLL_CTL_ADD)
    }

    func closeListener() {
        guard listener >= 0 else { return }
        Glibc.close(listener)
        listener = -1
        makeOwner = nil
    }

    /// Takes a link in and watches its socket.
    func add(_ link: SocketLink, events: UInt32) {
        let index: Int
        if let free = freePlaces.popLast() {
            index = free
        } else {
            index = places.count
            places.append(Place())
        }
        places[index].link = link
        link.token = Token.link(index, places[index].generation)
        watch(link.descriptor, events, link.token, EPOLL_CTL_ADD)
    }

    func change(_ link: SocketLink, events: UInt32) { watch(link.descriptor, events, link.token, EPOLL_CTL_MOD) }

    /// A link gives its place back; its owner hears of it behind the present event, never from within its own call.
    func remove(_ link: SocketLink) {
        let index = Int(link.token & 0xFFFF_FFFF)
        places[index].link = nil
        places[index].generation &+= 1
        freePlaces.append(index)
        closing.append(link)
    }

    /// Runs `task` behind the present event.
    func later(_ task: @escaping () -> Void) { postponed.append(task) }

    /// Keeps an eye on the time that a connection takes to open.
    func watchOpening(_ link: any OpeningLink) { opening.append(link) }

    // MARK: Events

    private func dispatch(_ event: epoll_event) {
        switch event.data.u64 {
        case Token.wakeUp:
            var count: eventfd_t = 0
            _ = eventfd_read(wakeUp, &count)
            let tasks = inbox.withLock { inbox in
                let tasks = inbox.tasks
                inbox.tasks = []
                return tasks
            }
            for task in tasks { task() }
        case Token.listener: accept()
        case let token:
            let index = Int(token & 0xFFFF_FFFF)
            guard places[index].generation == UInt32(token >> 32), let link = places[index].link else { return }
            link.happened(event.events)
        }
    }

    private func accept() {
        for _ in 0..<Self.acceptCount {
            guard listener >= 0, let makeOwner else { return }
            let descriptor = smmf_accept(listener)
            guard descriptor >= 0 else {
                // Without descriptors the same connection would be reported at once, again and again.
                if errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM { rest() }
                if errno == ECONNABORTED || errno == EINTR { continue }
                return
            }
            let link = SocketLink(descriptor, self, makeOwner())
            link.accepted()
        }
    }

    /// Leaves the listener alone until the next tick.
    private func rest() {
        guard isListenerWatched else { return }
        isListenerWatched = false
        watch(listener, 0, Token.listener, EPOLL_CTL_DEL)
    }

    private func runTick() {
        nextTick = now + tickInterval
        if !isListenerWatched, listener >= 0 {
            isListenerWatched = true
            watchListener()
        }
        opening.removeAll { $0.opens(at: now) }
        tick?()
        settle()
    }

    private func settle() {
        while !closing.isEmpty || !postponed.isEmpty {
            while let link = closing.popLast() { link.tellClosed() }
            let tasks = postponed
            postponed.removeAll(keepingCapacity: true)
            for task in tasks { task() }
        }
    }

    private func pause() -> Int32 {
        guard nextTick != .distantFuture else { return -1 }
        let left = (nextTick - .now()).nanoseconds
        // Rounded up: waking a moment early would only mean to wait again.
        return left <= 0 ? 0 : Int32(clamping: (left + 999_999) / 1_000_000)
    }

    private func watch(_ descriptor: Int32, _ events: UInt32, _ token: UInt64, _ operation: Int32) {
        var event = epoll_event()
        event.events = events
        event.data.u64 = token
        _ = epoll_ctl(epoll, operation, descriptor, &event)
    }
}
#endif
