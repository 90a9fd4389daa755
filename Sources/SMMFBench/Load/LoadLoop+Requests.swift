// SPDX-License-Identifier: MIT

import NIOCore

/// Starting requests and counting what became of them.
extension LoadLoop {
    /// While arrivals are closer than this, one timer serves several: a timer for each would be the load.
    private static let finestTimer = 100_000

    /// A connection can take a request.
    func isFree(_ connection: LoadConnection, _ now: Int) {
        guard schedule != nil else { return startNext(on: connection, now) }
        idle.append(connection)
        sendDue(now)
    }

    /// Closed loop: the next request follows the one before.
    private func startNext(on connection: LoadConnection, _ now: Int) {
        switch stage {
        case .warming: connection.send(takeRequest(), due: now, now: now, isMeasured: false)
        case .measuring:
            guard takeOne() else { return }
            begin(connection, due: now, now: now)
        case .draining, .over: break
        }
    }

    /// Open loop: sends what is due, as far as connections are free.
    func sendDue(_ now: Int) {
        guard stage != .over else { return }
        while !idle.isEmpty, left != 0, let due = schedule?.take(at: now), let connection = idle.popLast() {
            if due < windowStart {
                connection.send(takeRequest(), due: due, now: now, isMeasured: false)
            } else if takeOne() {
                tally.lag.record(now - due)
                begin(connection, due: due, now: now)
            }
        }
        guard arrival == nil, stage != .draining, let next = schedule?.next else { return }
        // Without a free connection the next answer sends what is due.
        arrival = schedule(at: max(next, now + Self.finestTimer)) { loop in
            loop.arrival = nil
            loop.sendDue(Self.now())
        }
    }

    private func takeOne() -> Bool {
        guard let left else { return true }
        guard left > 0 else { return false }
        self.left = left - 1
        return true
    }

    private func begin(_ connection: LoadConnection, due: Int, now: Int) {
        tally.started += 1
        measuredInFlight += 1
        connection.send(takeRequest(), due: due, now: now, isMeasured: true)
    }

    /// Events of a stream came, `gap` nanoseconds after those before them.
    func noteEvents(_ count: Int, gap: Int?) {
        guard stage == .measuring else { return }
        tally.tokensInWindow += count
        if let gap { tally.interToken.record(gap) }
        tally.interToken.record(0, times: count - 1)
    }

    /// A request ended, well when `failure` is nil.
    func ended(_ connection: LoadConnection, _ failure: LoadFailure?, tokens: Int, sample: [UInt8]) {
        if stage == .measuring {
            tally.answersInWindow += 1
            if failure == nil { tally.goodInWindow += 1 }
            if !isStream { tally.tokensInWindow += tokens }
        }
        guard connection.isMeasured, stage != .over else { return }
        measuredInFlight -= 1
        if let failure {
            tally.fail(failure)
            if tally.sample.isEmpty { tally.sample = sample }
        } else {
            tally.succeeded += 1
        }
        checkEnd()
    }

    /// A measured request could not even be sent.
    func failedToConnect() {
        guard stage == .measuring, schedule == nil, takeOne() else { return }
        tally.started += 1
        tally.fail(.connect)
        checkEnd()
    }

    private func checkEnd() {
        if left == 0, measuredInFlight == 0 { closeWindow() }
        finishIfDone()
    }
}
