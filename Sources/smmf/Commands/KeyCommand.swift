// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFControlHTTP
import SMMFCore

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Makes, shows and revokes the API keys that applications call with.",
        subcommands: [KeyCreateCommand.self, KeyListCommand.self, KeyRevokeCommand.self]
    )
}

struct KeyCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Makes an API key and prints its secret, once.",
        discussion: """
            As soon as there is one key, the API server asks for one; without any it is open to this machine alone. The
            secret is printed on standard output and everything else on standard error.
            """
    )

    @Argument(help: "Which application the key is for.") var name: String
    @OptionGroup var limits: KeyLimitOptions
    @OptionGroup var options: ControlOptions

    func run() async throws {
        let request = try limits.request(named: name)
        let created: CreatedKey = try await options.withClient { try await $0.call(.post, "/v1/keys", body: request) }
        if options.json { return try options.printJSON(created) }
        Terminal.note("\(created.key.id) is made for \(created.key.name). Its secret is shown only now:")
        Terminal.write(created.secret + "\n")
        Terminal.note(
            "Send it as Authorization: Bearer SECRET; OpenAI's clients read OPENAI_API_KEY, smmf reads SMMF_API_KEY."
        )
    }
}

struct KeyListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists API keys with what they may use and have spent."
    )

    @OptionGroup var options: ControlOptions

    func run() async throws {
        let keys: [KeyStatus] = try await options.withClient { try await $0.call(.get, "/v1/keys") }
        if options.json { return try options.printJSON(keys) }
        guard !keys.isEmpty else {
            return Terminal.note("No API keys yet. Make one with: smmf key create NAME")
        }
        var table = Table("ID", "NAME", "KEY", "STATE", "MODELS", "LIMITS", "SPENT", "LEFT", "AGE")
        for key in keys {
            table.add(
                key.id.text,
                key.name,
                key.prefix + "…",
                Self.state(key),
                key.models.patterns.isEmpty ? "all" : key.models.patterns.joined(separator: ","),
                Self.limits(key.limits),
                String(key.spent),
                Self.left(key),
                Age.text(since: key.created)
            )
        }
        table.print()
    }

    private static func state(_ key: KeyStatus) -> String {
        if key.isRevoked { return "revoked" }
        guard let expires = key.expires else { return "good" }
        return Age.isPast(expires) ? "expired" : "until \(expires)"
    }

    private static func limits(_ limits: KeyLimits) -> String {
        [
            limits.requestsPerMinute.map { "\($0) requests/min" }, limits.tokensPerMinute.map { "\($0) tokens/min" },
            limits.concurrent.map { "\($0) at once" },
        ].compactMap { $0 }.joined(separator: ", ")
    }

    private static func left(_ key: KeyStatus) -> String {
        guard let budget = key.limits.budget else { return "" }
        let left = max(0, budget.tokens - (key.spentOfBudget ?? 0))
        return "\(left) of \(budget.tokens)" + (budget.period == .total ? "" : "/\(budget.period.rawValue)")
    }
}

struct KeyRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Revokes an API key: from now on it is refused.",
        discussion: "A revoked key stays in the list with what it has spent, until it is forgotten."
    )

    @Argument(help: "The key's id or name.") var key: String
    @Flag(help: "Remove it from the list as well, with its figures. Without any key a local API server is open again.")
    var forget = false
    @OptionGroup var options: ControlOptions

    func run() async throws {
        let path = "/v1/keys/\(PercentCoding.encode(key))\(forget ? "?forget=1" : "")"
        try await options.withClient { try await $0.send(.delete, path) }
        let what = forget ? "forgotten" : "revoked"
        if options.json { try options.printJSON([what: key]) } else { print("\(key) is \(what).") }
    }
}
