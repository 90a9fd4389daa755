// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFCore
import SMMFProviders

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where a provider is and where its keys come from. A key itself is never an argument, as every process list shows those.
struct ProviderKeyOptions: ParsableArguments {
    @Option(help: "The provider's base URL, where it is not the usual one.")
    var baseURL: String?

    @Option(help: "What the provider's address has places for, name=value, such as region=eu-west-1; may be repeated.")
    var option: [String] = []

    @Option(
        name: .customLong("api-key-env"),
        help: """
            An environment variable that holds a key, or VARIABLE=WEIGHT for one of several; may be repeated (default: the \
            provider's usual ones).
            """
    )
    var keyVariables: [String] = []

    @Flag(name: .customLong("api-key-stdin"), help: "Read keys from standard input, one on each line.")
    var readsKeys = false

    /// A key and where it was found.
    struct Found {
        var key: ProviderKey
        var place: String
    }

    /// Whether none was given.
    var isEmpty: Bool { baseURL == nil && option.isEmpty && keyVariables.isEmpty && !readsKeys }

    /// Whether keys were named.
    var namesKeys: Bool { !keyVariables.isEmpty || readsKeys }

    /// The options that were given.
    func options() throws -> [String: String] {
        var options: [String: String] = [:]
        for text in option {
            guard let mark = text.firstIndex(of: "="), mark != text.startIndex else {
                throw ValidationError("--option is name=value, not \(text).")
            }
            options[String(text[..<mark])] = String(text[text.index(after: mark)...])
        }
        return options
    }

    /// The keys that were named, or the one of a usual variable; none where there is none.
    func keys(for provider: Provider, _ environment: [String: String]) throws -> [Found] {
        if readsKeys { return try Self.keysFromInput() }
        if !keyVariables.isEmpty { return try keyVariables.map { try Self.named($0, environment) } }
        for name in provider.environment {
            guard let text = environment[name], !text.isEmpty else { continue }
            return [Found(key: ProviderKey(try Secret(text, field: name)), place: name)]
        }
        return []
    }

    /// As ``keys(for:_:)``; a person at a terminal is asked where there are none and one is needed.
    func requiredKeys(for provider: Provider, _ environment: [String: String]) throws -> [Found] {
        let found = try keys(for: provider, environment)
        guard found.isEmpty, !provider.isKeyless else { return found }
        if let text = Terminal.askSecret("Key for \(provider.title): "), !text.isEmpty {
            return [Found(key: ProviderKey(try Secret(text, field: "key")), place: "the terminal")]
        }
        let usual = provider.environment.first.map { "Set \($0), or name" } ?? "Name"
        throw SMMFError(
            .configuration,
            "The provider \(provider.name) needs a key.",
            field: "api_key",
            nextStep: "\(usual) a variable with --api-key-env, or pipe the key in with --api-key-stdin."
        )
    }

    private static func named(_ text: String, _ environment: [String: String]) throws -> Found {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 1 || Int(parts[1]) != nil, !parts[0].isEmpty else {
            // What stands there may be a key that was pasted, so it is not repeated.
            throw ValidationError("--api-key-env names a variable, or VARIABLE=WEIGHT; the key itself stays in it.")
        }
        guard let key = environment[parts[0]], !key.isEmpty else {
            let isName = parts[0].utf8.allSatisfy {
                $0 == 0x5F || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
            }
            throw SMMFError(
                .configuration,
                isName
                    ? "The environment variable \(parts[0]) is not set."
                    : "--api-key-env names no variable that is set.",
                field: "--api-key-env",
                nextStep: "It takes the name of a variable, not the key."
            )
        }
        let weight = parts.count > 1 ? Int(parts[1]) ?? 1 : 1
        return Found(key: ProviderKey(try Secret(key, field: parts[0]), weight: weight), place: parts[0])
    }

    private static func keysFromInput() throws -> [Found] {
        var found: [Found] = []
        while found.count <= ProviderSpec.keyLimit, let line = readLine(strippingNewline: true) {
            guard !line.isEmpty else { continue }
            found.append(Found(key: ProviderKey(try Secret(line, field: "standard input")), place: "standard input"))
        }
        guard !found.isEmpty else {
            throw SMMFError(.configuration, "Standard input has no key.", field: "--api-key-stdin")
        }
        return found
    }
}
