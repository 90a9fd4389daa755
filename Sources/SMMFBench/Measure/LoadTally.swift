// SPDX-License-Identifier: MIT

/// What one loop has counted; loops' tallies are added up at the end.
struct LoadTally: Sendable {
    /// Requests that belong to the measurement, by when they were due.
    var started = 0
    var succeeded = 0
    /// Still on their way when the grace was over.
    var unfinished = 0
    /// Due, but no connection was free for them until the end.
    var unsent = 0
    var failures: [LoadFailure: Int] = [:]
    /// The first error's text, if it had one.
    var sample: [UInt8] = []

    /// From the time a request was due to its first event, or to the first byte of an answer in one piece.
    var firstToken = LogLinearHistogram()
    /// Between two events of a stream; events that came in one read are zero apart.
    var interToken = LogLinearHistogram()
    /// From the time a request was due to the end of its answer.
    var total = LogLinearHistogram()
    /// From the time a request was due to the time it was sent.
    var lag = LogLinearHistogram()

    /// The window in which the next three were counted, in nanoseconds.
    var window = 0
    /// Answers that ended in the window, good or bad, whenever they were asked for.
    var answersInWindow = 0
    /// Good ones of them.
    var goodInWindow = 0
    /// Events of streams, and the tokens that the usage of other answers names, in the window.
    var tokensInWindow = 0

    var failed: Int { failures.values.reduce(0, +) }

    mutating func fail(_ failure: LoadFailure) {
        failures[failure, default: 0] += 1
    }

    mutating func add(_ other: LoadTally) {
        started += other.started
        succeeded += other.succeeded
        unfinished += other.unfinished
        unsent += other.unsent
        failures.merge(other.failures, uniquingKeysWith: +)
        if sample.isEmpty { sample = other.sample }
        firstToken.add(other.firstToken)
        interToken.add(other.interToken)
        total.add(other.total)
        lag.add(other.lag)
        window = max(window, other.window)
        answersInWindow += other.answersInWindow
        goodInWindow += other.goodInWindow
        tokensInWindow += other.tokensInWindow
    }
}
