// SPDX-License-Identifier: MIT

import NIOCore
import SMMFWire

/// Counting what becomes of a request to a model: how it ended, what it cost, and how long its parts took.
extension ClientConnection {
    /// Counts the request's outcome and its tokens once, and gives its place on the instance back.
    ///
    /// `usage` is nil when no instance has worked for it.
    func count(_ outcome: RelayOutcome, _ usage: SettledUsage? = nil) {
        slot = nil
        guard let request else { return }
        self.request = nil
        if request.isInGatherRoom { loop.gathering.ended(request) }
        settleKey(usage)
        loop.metrics.inFlight -= 1
        // A part of a request is not one; the whole is counted.
        guard inner == nil else { return }
        let now = NIODeadline.now()
        loop.traffic.rows[request.row].count(outcome, nanoseconds: (now - request.startedAt).nanoseconds)
        if let usage { loop.traffic.rows[request.row].count(usage) }
        if loop.accessLog != nil { log(request, outcome, usage, at: now) }
    }

    /// What the request cost by the end of its instance's work; nil when the instance refused it.
    func settle(_ report: AnswerReport?, isComplete: Bool) -> SettledUsage? {
        guard let request, request.status < 400 else { return nil }
        return SettledUsage(
            report,
            inputBytes: request.peek.input.count,
            generates: loop.settings.operations[request.operation].generates,
            isComplete: isComplete
        )
    }

    /// What the request cost that its client does not wait for any more.
    func settleCancelled(in last: Phase) -> SettledUsage? {
        guard let upstream, last == .asked || last == .answering else { return nil }
        return settle(upstream.report, isComplete: false)
    }

    /// The request is about to be sent.
    func countSending() {
        guard let request else { return }
        let now = NIODeadline.now()
        self.request?.sentAt = now
        guard let since = request.waitsSince else { return }
        self.request?.waitsSince = nil
        self.request?.connectWait += (now - since).nanoseconds
        loop.traffic.rows[request.row].connectWait.record(nanoseconds: (now - since).nanoseconds)
    }

    /// The first bytes of the answer are about to be sent; they were there at `arrival`.
    func countFirstByte(arrival: NIODeadline) {
        guard let request else { return }
        let now = NIODeadline.now()
        self.request?.firstByteAt = now
        loop.traffic.rows[request.row].firstByte.record(nanoseconds: (now - request.startedAt).nanoseconds)
        guard request.countsOverhead, let sentAt = request.sentAt else { return }
        let before = (sentAt - request.startedAt).nanoseconds - request.connectWait
        let after = max(0, (now - arrival).nanoseconds)
        loop.traffic.rows[request.row].overhead.record(nanoseconds: before + after)
    }

    /// The stream said its first word with what was read at `arrival`.
    func countFirstToken(_ arrival: NIODeadline) {
        guard let request else { return }
        loop.traffic.rows[request.row].firstToken.record(nanoseconds: (arrival - request.startedAt).nanoseconds)
    }

    /// So many events came together, and so long after the ones before.
    func count(events: Int, after pause: TimeAmount) {
        guard let row = request?.row else { return }
        loop.traffic.rows[row].interToken.record(nanoseconds: pause.nanoseconds, sharedBy: events)
    }
}
