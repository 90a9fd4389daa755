// SPDX-License-Identifier: MIT

import NIOCore

/// One event loop's part of the load: its connections, its part of the schedule and its counts. Only that loop touches
/// it.
final class LoadLoop {
    enum Stage: Sendable, Hashable {
        case warming, measuring
        /// Measured requests may end; no new ones become due.
        case draining
        case over
    }

    let eventLoop: any EventLoop
    let plan: LoadPlan
    let index: Int
    let isStream: Bool
    /// Nanoseconds that a request may take.
    let timeout: Int
    let address: SocketAddress
    private let requests: [ByteBuffer]
    private var nextRequest: Int
    /// Called at the window's beginning and at its end.
    private let atWindow: @Sendable (LoadWindow.Edge) -> Void

    var stage = Stage.warming
    var tally = LoadTally()
    var connections: [LoadConnection] = []
    /// Connections without a request, as a stack.
    var idle: [LoadConnection] = []
    var connecting = 0
    /// After a failed connect, none is tried before.
    var connectPause = 0
    var schedule: ArrivalSchedule?
    /// When the load began, and when the measuring did.
    var start = 0
    var windowStart = Int.max
    /// Measured requests that have no answer yet.
    var measuredInFlight = 0
    /// Measured requests that may still be sent; nil when time is the limit.
    var left: Int?
    var timers: [Scheduled<Void>] = []
    var sweeper: RepeatedTask?
    var arrival: Scheduled<Void>?
    private let done: EventLoopPromise<LoadTally>

    init(_ eventLoop: any EventLoop, _ setup: LoadSetup, index: Int) {
        self.eventLoop = eventLoop
        self.index = index
        plan = setup.plan
        isStream = setup.isStream
        address = setup.address
        requests = setup.requests
        // Loops begin at different prompts.
        nextRequest = setup.requests.count * index / setup.plan.loops
        atWindow = setup.atWindow
        timeout = setup.plan.timeout.nanoseconds
        if case .requests(let count) = setup.plan.length { left = setup.plan.share(count, of: index) }
        done = eventLoop.makePromise()
    }

    static func now() -> Int { Int(truncatingIfNeeded: NIODeadline.now().uptimeNanoseconds) }

    /// This loop's part of the connections.
    var share: Int { plan.share(plan.connections, of: index) }

    /// Begins at `start`; the future is done at the end of it all.
    func run(from start: Int) -> EventLoopFuture<LoadTally> {
        self.start = start
        windowStart = start + plan.warmup.nanoseconds
        var end = Int.max
        if case .time(let time) = plan.length { end = windowStart + time.nanoseconds }
        if case .open(let rate) = plan.arrival {
            schedule = ArrivalSchedule(rate: rate, start: start, end: end, loop: index, of: plan.loops)
        }
        at(windowStart) { $0.openWindow() }
        if end < Int.max { at(end) { $0.closeWindow() } }
        startTicking()
        return done.futureResult
    }

    func openWindow() {
        guard stage == .warming else { return }
        stage = .measuring
        tally.window = -Self.now()
        atWindow(LoadWindow.Edge(loop: index, isEnd: false))
        if left == 0 { closeWindow() }
    }

    /// The measured time is over; what is on its way may end.
    func closeWindow() {
        guard stage == .measuring else { return }
        stage = .draining
        tally.window += Self.now()
        atWindow(LoadWindow.Edge(loop: index, isEnd: true))
        at(Self.now() + plan.grace.nanoseconds) { $0.finish() }
        finishIfDone()
    }

    func finishIfDone() {
        guard stage == .draining, measuredInFlight == 0 else { return }
        if let schedule, left == nil, schedule.overdue(at: Self.now()) > 0 { return }
        finish()
    }

    /// Stops whatever goes on and hands over the counts.
    func finish() {
        guard stage != .over else { return }
        if let schedule, left == nil { tally.unsent = schedule.overdue(at: Self.now()) }
        tally.unfinished = measuredInFlight
        tally.started += tally.unsent
        stage = .over
        for timer in timers { timer.cancel() }
        arrival?.cancel()
        sweeper?.cancel()
        for connection in connections { connection.close() }
        done.succeed(tally)
    }

    /// The next request's bytes, in turn.
    func takeRequest() -> ByteBuffer {
        let request = requests[nextRequest]
        nextRequest = nextRequest + 1 == requests.count ? 0 : nextRequest + 1
        return request
    }

    /// Runs `body` at a time of this loop's clock.
    private func at(_ time: Int, _ body: @escaping (LoadLoop) -> Void) {
        timers.append(schedule(at: time, body))
    }

    func schedule(at time: Int, _ body: @escaping (LoadLoop) -> Void) -> Scheduled<Void> {
        let bound = NIOLoopBound((self, body), eventLoop: eventLoop)
        return eventLoop.scheduleTask(deadline: .uptimeNanoseconds(UInt64(max(0, time)))) {
            let (loop, body) = bound.value
            body(loop)
        }
    }
}
