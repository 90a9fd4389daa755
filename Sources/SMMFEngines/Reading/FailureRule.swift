// SPDX-License-Identifier: MIT

import SMMFCore

/// One cause of failure and the output lines that show it.
struct FailureRule: Sendable {
    var kind: InstanceFailure.Kind
    /// Any of these in a line, in any case, is a sign; written in lower case.
    var signs: [String]
    /// One sentence for a person, from the first line with a sign.
    var message: @Sendable (String) -> String
    var nextStep: String
    /// Whether the system's own name for the cause must not be found in the same line.
    var unless: [String] = []
    /// The context length that would fit, as the line names it.
    var fittingContext: (@Sendable (String) -> Int?)?

    /// Whether a line shows this cause.
    func applies(to line: String) -> Bool {
        let lowered = line.lowercased()
        return signs.contains { lowered.contains($0) } && !unless.contains { lowered.contains($0) }
    }
}

extension Sequence where Element == FailureRule {
    /// The failure by the first rule, in order of the rules, that any line shows.
    func read(_ lines: [String]) -> InstanceFailure? {
        for rule in self {
            let evidence = lines.filter { rule.applies(to: $0) }
            guard let first = evidence.first else { continue }
            var failure = InstanceFailure(
                rule.kind,
                rule.message(first),
                nextStep: rule.nextStep,
                evidence: Array(evidence.prefix(InstanceFailure.evidenceLimit))
            )
            failure.fittingContext = rule.fittingContext?(first)
            return failure
        }
        return nil
    }
}

extension String {
    /// The first text between single quotes, such as a file or architecture that a log line names.
    var firstQuoted: String? {
        let parts = split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count == 3 && !parts[1].isEmpty ? String(parts[1]) : nil
    }

    /// The number that follows the first occurrence of `mark`, which may stand in commas, brackets or quotes.
    func number(after mark: String) -> Int? {
        guard let rest = text(after: mark) else { return nil }
        return Int(rest.drop { !$0.isNumber }.prefix { $0.isASCII && $0.isNumber })
    }

    /// The text with a full stop at its end.
    var asSentence: String { hasSuffix(".") ? self : self + "." }

    /// What follows the first occurrence of `mark`.
    func text(after mark: String) -> String? {
        guard let range = firstRange(of: mark) else { return nil }
        let rest = self[range.upperBound...].drop { $0 == " " }
        return rest.isEmpty ? nil : String(rest)
    }
}
