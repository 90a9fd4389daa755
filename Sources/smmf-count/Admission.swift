// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFRouting

/// What a key with every limit costs each request: its look-up, admission, the fields about its rates, and settlement.
struct Admission {
    private let table: KeyTable
    private let digests: [KeyDigest]
    private(set) var checksum = 0
    private var now: UInt64 = 1 << 40

    /// Creates a table of so many keys.
    init(keys count: Int) throws {
        let limits = KeyLimits(
            requestsPerMinute: KeyLimits.greatest,
            tokensPerMinute: KeyLimits.greatest,
            concurrent: 100,
            budget: TokenBudget(tokens: TokenBudget.greatest, period: .month)
        )
        let scope = try ModelScope(["qwen3-8b", "other*"])
        digests = (0..<count).map { number in
            let word = UInt64(number) &* 0x9E37_79B9_7F4A_7C15
            return KeyDigest(word, word &+ 1, word &+ 2, word &+ 3)
        }
        let entries = digests.enumerated().map { number, digest in
            let key = APIKey(
                id: KeyID("key-\(number)"),
                name: "\(number)",
                prefix: "",
                digest: digest,
                models: scope,
                limits: limits,
                created: Timestamp(milliseconds: 0),
                expires: Timestamp(milliseconds: .max)
            )
            return KeyEntry(KeyCard(key), meter: KeyMeter())
        }
        table = KeyTable(entries, isRequired: true)
    }

    mutating func run(_ number: Int) throws(KeyRefusal) {
        now += 1_000
        let digest = digests[number % digests.count]
        guard let entry = table.entry(for: digest), entry.models.allows("qwen3-8b"),
            entry.standing(at: { Timestamp(milliseconds: 0) }) == .good
        else { return }
        let demand = KeyDemand(inputBytes: 400, maxTokens: 100, generates: true)
        let ticket = try entry.admit(demand, at: now)
        checksum &+= entry.rates(at: now).requests?.remaining ?? 0
        ticket.settle(120, isEstimate: false, at: now)
    }
}
