// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a new key may use, as flags.
struct KeyLimitOptions: ParsableArguments {
    @Option(name: .customLong("model"), help: "A model it may use, or a beginning such as 'qwen*'; repeat it for more.")
    var models: [String] = []

    @Option(help: "The most requests a minute.")
    var requestsPerMinute: Int?

    @Option(help: "The most tokens a minute, of prompts and answers together.")
    var tokensPerMinute: Int?

    @Option(help: "The most requests under way at once.")
    var concurrent: Int?

    @Option(
        help: "The most tokens in all, a day or a month, such as 5000000 or 5000000/month; days and months are UTC's."
    )
    var budget: String?

    @Option(help: "For how long it is good, such as 12h or 30d.")
    var expires: String?

    /// The request for a key; throws ``SMMFError`` that names the flag at fault.
    func request(named name: String) throws -> KeyRequest {
        KeyRequest(
            name: name,
            models: try ModelScope(models),
            limits: KeyLimits(
                requestsPerMinute: requestsPerMinute,
                tokensPerMinute: tokensPerMinute,
                concurrent: concurrent,
                budget: try budget.map(Self.budget)
            ),
            expires: try expires.map(Self.moment)
        )
    }

    private static func budget(_ text: String) throws -> TokenBudget {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let period = parts.count == 1 ? .total : parts.count == 2 ? BudgetPeriod(rawValue: String(parts[1])) : nil
        guard let period, let tokens = Int(parts[0]) else {
            throw ValidationError("--budget is \"\(text)\"; say a number of tokens, alone or with /day or /month.")
        }
        return TokenBudget(tokens: tokens, period: period)
    }

    private static func moment(_ text: String) throws -> Timestamp {
        let units: [Character: Int64] = ["m": 60_000, "h": 3_600_000, "d": 86_400_000]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()),
            (1...1_000_000).contains(count)
        else {
            throw ValidationError("--expires is \"\(text)\"; say a number of minutes, hours or days: 90m, 12h, 30d.")
        }
        return Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000) + count * unit)
    }
}
