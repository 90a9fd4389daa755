// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Testing

@testable import SMMFRouting

@Suite("Admission of a key's requests")
struct KeyAdmissionTests {
    static func entry(_ limits: KeyLimits, expires: Timestamp? = nil, isRevoked: Bool = false) -> KeyEntry {
        let key = APIKey(
            id: KeyID("key-a"),
            name: "a",
            prefix: "sk-smmf-abcd",
            digest: KeyDigest(1, 2, 3, 4),
            limits: limits,
            created: Timestamp(milliseconds: 0),
            expires: expires,
            isRevoked: isRevoked
        )
        return KeyEntry(KeyCard(key), meter: KeyMeter())
    }

    private func demand(_ prompt: Int, _ maxTokens: Int? = 0) -> KeyDemand {
        KeyDemand(inputBytes: prompt * KeyDemand.bytesPerToken, maxTokens: maxTokens, generates: true)
    }

    private func refusal(_ entry: KeyEntry, _ demand: KeyDemand, at now: UInt64 = 0) -> KeyRefusal? {
        do throws(KeyRefusal) {
            let ticket = try entry.admit(demand, at: now)
            ticket.settle(0, isEstimate: false, at: now)
            return nil
        } catch { return error }
    }

    @Test("what a request may cost")
    func demands() {
        #expect(KeyDemand(inputBytes: 2, maxTokens: nil, generates: true).tokens == 1 + 1024)
        #expect(KeyDemand(inputBytes: 400, maxTokens: 50, generates: true).tokens == 150)
        #expect(KeyDemand(inputBytes: 400, maxTokens: 50, generates: false).tokens == 100)
        #expect(KeyDemand(inputBytes: 400, maxTokens: Int.max, generates: true).tokens == 100 + 1 << 40)
        // An assumed answer gives way, one that the client asks for does not, and neither does the prompt.
        #expect(KeyDemand(inputBytes: 400, maxTokens: nil, generates: true).tokens(within: 300) == 300)
        #expect(KeyDemand(inputBytes: 400, maxTokens: nil, generates: true).tokens(within: 30) == 100)
        #expect(KeyDemand(inputBytes: 400, maxTokens: 900, generates: true).tokens(within: 300) == 1000)
    }

    @Test("a key without limits lets everything through and is counted all the same")
    func unlimited() throws {
        let entry = Self.entry(.none)
        for _ in 0..<100 {
            let ticket = try entry.admit(demand(1 << 20, Int.max), at: 0)
            #expect(ticket.reserved == 0 && entry.meter.inFlight == 1)
            ticket.settle(7, isEstimate: true, at: 0)
        }
        #expect(entry.meter.requestCount == 100 && entry.meter.tokenCount == 700)
        #expect(entry.meter.estimatedTokenCount == 700 && entry.meter.inFlight == 0)
        #expect(entry.rates(at: 0) == KeyRates())
    }

    @Test("each limit refuses by its own name and takes nothing")
    func refusals() throws {
        let requests = Self.entry(KeyLimits(requestsPerMinute: 1, tokensPerMinute: 100))
        #expect(refusal(requests, demand(10)) == nil)
        #expect(refusal(requests, demand(10)) == .requests(limit: 1, wait: 60_000_000_000))
        #expect(requests.rates(at: 0).tokens?.remaining == 100)

        let tokens = Self.entry(KeyLimits(requestsPerMinute: 10, tokensPerMinute: 100))
        let held = try tokens.admit(demand(80), at: 0)
        #expect(refusal(tokens, demand(50)) == .tokens(limit: 100, asked: 50, wait: 18_000_000_000))
        #expect(refusal(tokens, demand(10, 200)) == .tooLarge(limit: 100, asked: 210))
        #expect(tokens.rates(at: 0).requests?.remaining == 9)
        held.settle(80, isEstimate: false, at: 0)

        let concurrent = Self.entry(KeyLimits(concurrent: 1))
        let running = try concurrent.admit(demand(1), at: 0)
        #expect(refusal(concurrent, demand(1)) == .concurrent(limit: 1))
        running.settle(1, isEstimate: false, at: 0)
        #expect(refusal(concurrent, demand(1)) == nil)

        let budget = Self.entry(KeyLimits(budget: TokenBudget(tokens: 100, period: .day)))
        budget.meter.setSpent(40)
        #expect(refusal(budget, demand(10, 60)) == .budget(limit: 100, asked: 70, left: 60))
        #expect(refusal(budget, demand(10, 50)) == nil)
        #expect(refusal(budget, demand(10, nil)) == nil)
        budget.meter.setSpent(100)
        #expect(refusal(budget, demand(1)) == .budget(limit: 100, asked: 1, left: 0))
        for entry in [requests, tokens, concurrent, budget] {
            #expect(entry.meter.inFlight == 0 && entry.meter.reservedTokens == 0)
        }
    }

    @Test("a request that is let go of without being settled costs nothing but its request")
    func dropped() throws {
        let entry = Self.entry(KeyLimits(requestsPerMinute: 10, tokensPerMinute: 100, concurrent: 1))
        do {
            let ticket = try entry.admit(demand(10, 90), at: 0)
            #expect(ticket.reserved == 100 && entry.rates(at: 0).tokens?.remaining == 0)
        }
        #expect(entry.meter.inFlight == 0 && entry.meter.reservedTokens == 0 && entry.meter.tokenCount == 0)
        #expect(entry.rates(at: 0).tokens?.remaining == 100 && entry.rates(at: 0).requests?.remaining == 9)
    }

    @Test("standing")
    func standing() {
        let moment = Timestamp(milliseconds: 1000)
        #expect(
            Self.entry(.none).standing {
                Issue.record("nobody asked for the time"); return moment
            } == .good
        )
        #expect(Self.entry(.none, expires: moment).standing { Timestamp(milliseconds: 999) } == .good)
        #expect(Self.entry(.none, expires: moment).standing { moment } == .expired(moment))
        #expect(Self.entry(.none, isRevoked: true).standing { moment } == .revoked)
    }

    @Test("conservation: whatever becomes of requests, nothing stays reserved and everything used is counted once")
    func conservation() {
        for seed in 0..<40 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var run = ConservationRun(Self.entry(Self.randomLimits(&generator)))
            for _ in 0..<400 { run.step(&generator) }
            run.finish()
            #expect(run.problem == nil, "seed \(seed)")
        }
    }

    private static func randomLimits(_ generator: inout SeededGenerator) -> KeyLimits {
        KeyLimits(
            requestsPerMinute: Bool.random(using: &generator) ? Int.random(in: 1...500, using: &generator) : nil,
            tokensPerMinute: Bool.random(using: &generator) ? Int.random(in: 100...100_000, using: &generator) : nil,
            concurrent: Bool.random(using: &generator) ? Int.random(in: 1...20, using: &generator) : nil,
            budget: Bool.random(using: &generator) ? TokenBudget(tokens: 50_000, period: .total) : nil
        )
    }
}

/// A run of requests that start and end in any way, beside a ledger kept by plain sums.
private struct ConservationRun {
    /// A ticket in a box, as arrays hold no non-copyable values.
    private final class Held {
        var ticket: KeyTicket?
        let reserved: Int

        init(_ ticket: consuming KeyTicket) {
            reserved = ticket.reserved
            self.ticket = consume ticket
        }
    }

    private let entry: KeyEntry
    private var running: [Held] = []
    private var now: UInt64 = 0
    private var reserved = 0
    private var settled = 0
    private var refunded = 0
    private var extra = 0
    private var used = 0
    private var admitted = 0
    private(set) var problem: String?

    init(_ entry: KeyEntry) { self.entry = entry }

    mutating func step(_ generator: inout SeededGenerator) {
        now += UInt64.random(in: 0...3_000_000_000, using: &generator)
        if running.isEmpty || Bool.random(using: &generator) { start(&generator) } else { end(&generator) }
        check()
    }

    mutating func finish() {
        while let held = running.popLast() {
            refunded += held.reserved
            held.ticket = nil
        }
        check()
        if reserved != settled + refunded { problem = "reserved \(reserved), settled \(settled), refunded \(refunded)" }
        if settled + extra != used { problem = "settled \(settled) and \(extra), used \(used)" }
        if entry.meter.inFlight != 0 || entry.meter.reservedTokens != 0 { problem = "something stayed reserved" }
    }

    private mutating func start(_ generator: inout SeededGenerator) {
        let demand = KeyDemand(
            inputBytes: Int.random(in: 2...4000, using: &generator),
            maxTokens: Bool.random(using: &generator) ? nil : Int.random(in: 0...5000, using: &generator),
            generates: true
        )
        do throws(KeyRefusal) {
            let held = Held(try entry.admit(demand, at: now))
            reserved += held.reserved
            admitted += 1
            running.append(held)
        } catch {}
    }

    private mutating func end(_ generator: inout SeededGenerator) {
        let held = running.remove(at: Int.random(in: running.indices, using: &generator))
        // Refused or failed costs nothing, completed what the upstream says, broken or cancelled an estimate; or the
        // connection simply lets go.
        switch Int.random(in: 0..<4, using: &generator) {
        case 0:
            refunded += held.reserved
            held.ticket = nil
        case 1: settle(held, 0)
        default: settle(held, Int.random(in: 1...6000, using: &generator))
        }
    }

    private mutating func settle(_ held: Held, _ cost: Int) {
        used += cost
        settled += min(cost, held.reserved)
        refunded += max(0, held.reserved - cost)
        extra += max(0, cost - held.reserved)
        held.ticket.take()?.settle(cost, isEstimate: cost % 2 == 0, at: now)
    }

    private mutating func check() {
        let outstanding = running.reduce(0) { $0 + $1.reserved }
        if entry.meter.inFlight != running.count {
            problem = "\(entry.meter.inFlight) are not \(running.count) running"
        }
        if entry.meter.reservedTokens != outstanding {
            problem = "\(entry.meter.reservedTokens) are not \(outstanding)"
        }
        if entry.meter.tokenCount != used { problem = "\(entry.meter.tokenCount) are not \(used) used" }
        if entry.meter.budgetUse != outstanding + used { problem = "the budget counts \(entry.meter.budgetUse)" }
        if entry.meter.requestCount != admitted { problem = "\(entry.meter.requestCount) are not \(admitted)" }
        if let limit = entry.limits.concurrent, running.count > limit { problem = "\(running.count) run at once" }
    }
}
