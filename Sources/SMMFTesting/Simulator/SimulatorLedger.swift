// SPDX-License-Identifier: MIT

/// Counts a simulated engine's requests and gives its slots away, first come, first served.
struct SimulatorLedger: Sendable {
    /// Names one generating request.
    typealias Ticket = UInt64

    enum Arrival: Sendable, Hashable {
        case admitted(Ticket)
        case waits(Ticket)
        case full
    }

    enum Outcome: Sendable, Hashable { case finished, cancelled, faulted }

    private(set) var stats = SimulatorStats()
    private var queue: [(ticket: Ticket, promptTokens: Int)] = []
    private var holding: Set<Ticket> = []
    private var hanging: Set<Ticket> = []
    private var lastTicket: Ticket = 0

    mutating func arrive(promptTokens: Int, slots: Int, queueLimit: Int) -> Arrival {
        let isFree = stats.active < slots && queue.isEmpty
        guard isFree || queue.count < queueLimit else { return .full }
        lastTicket += 1
        stats.started += 1
        if isFree {
            admit(promptTokens: promptTokens)
            return .admitted(lastTicket)
        }
        queue.append((lastTicket, promptTokens))
        stats.waiting += 1
        return .waits(lastTicket)
    }

    /// Ends a request, whether it generates or still waits.
    mutating func leave(_ ticket: Ticket, _ outcome: Outcome) {
        if let index = queue.firstIndex(where: { $0.ticket == ticket }) {
            queue.remove(at: index)
            stats.waiting -= 1
        } else {
            stats.active -= 1
            unhold(ticket)
            if hanging.remove(ticket) != nil { stats.hanging -= 1 }
        }
        count(outcome)
    }

    /// Admits those who have waited longest while there are slots; to be called after `leave` and when slots change.
    mutating func admitWaiting(slots: Int) -> [Ticket] {
        var admitted: [Ticket] = []
        while stats.active < slots, let first = queue.first {
            queue.removeFirst()
            stats.waiting -= 1
            admit(promptTokens: first.promptTokens)
            admitted.append(first.ticket)
        }
        return admitted
    }

    /// Counts a request that is answered without a slot.
    mutating func refuse() {
        stats.started += 1
        stats.finished += 1
    }

    mutating func hold(_ ticket: Ticket) {
        if holding.insert(ticket).inserted { stats.held += 1 }
    }

    mutating func unhold(_ ticket: Ticket) {
        if holding.remove(ticket) != nil { stats.held -= 1 }
    }

    mutating func hang(_ ticket: Ticket) {
        if hanging.insert(ticket).inserted { stats.hanging += 1 }
    }

    mutating func send(tokens: Int) {
        stats.tokens += tokens
    }

    mutating func connect() {
        stats.connections += 1
        stats.openConnections += 1
    }

    mutating func disconnect() {
        stats.openConnections -= 1
    }

    private mutating func admit(promptTokens: Int) {
        stats.active += 1
        stats.peakActive = max(stats.peakActive, stats.active)
        stats.promptTokens += promptTokens
    }

    private mutating func count(_ outcome: Outcome) {
        switch outcome {
        case .finished: stats.finished += 1
        case .cancelled: stats.cancelled += 1
        case .faulted: stats.faulted += 1
        }
    }
}
