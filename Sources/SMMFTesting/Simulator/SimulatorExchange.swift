// SPDX-License-Identifier: MIT

import NIOCore

/// How far a connection is with the plan of its current request.
struct SimulatorExchange {
    enum Awaited: Equatable { case nothing, slot, time, release, writability, client }

    let plan: SimulatorPlan
    /// The next step.
    var index = 0
    var waitsFor = Awaited.nothing
    /// The place in the engine's counts, for a request that generates.
    var ticket: SimulatorLedger.Ticket?
    /// When the last pause ended; the next one counts from here, so that intervals do not drift.
    var pausedUntil: NIODeadline?
    /// Tokens that were sent and are not counted yet.
    var uncounted = 0
    var timer: NIOScheduledCallback?
}
