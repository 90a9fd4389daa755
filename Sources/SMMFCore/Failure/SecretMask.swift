// SPDX-License-Identifier: MIT

/// Keeps secrets out of listings: command lines and environments as they may be shown.
public enum SecretMask {
    /// What stands in a secret's place.
    public static let mask = "(hidden)"

    private static let words = [
        "KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "AUTHORIZATION", "COOKIE",
    ]
    /// Names with such a word that hold no secret.
    private static let exceptions = [
        "MAX_TOKENS", "BATCH_TOKENS", "BATCHED_TOKENS", "TOTAL_TOKENS", "NUM_TOKENS", "TOKENIZER", "TOKENIZERS",
        "INPUT_TOKENS", "PREFILL_TOKENS", "KEY_VALUE", "PROMPT_TOKENS", "QUEUED_TOKENS", "KEYSPACE",
    ]

    /// Whether a variable or flag of this name holds a secret.
    public static func isSecret(_ name: String) -> Bool {
        let plain = name.uppercased().replacing("-", with: "_")
        let rest = exceptions.reduce(plain) { $0.replacing($1, with: "") }
        return words.contains { rest.contains($0) }
    }

    /// Variables with their secrets hidden.
    public static func environment(_ variables: [String: String]) -> [String: String] {
        var shown: [String: String] = [:]
        for (name, value) in variables { shown[name] = isSecret(name) ? mask : url(value) }
        return shown
    }

    /// A command line with its secrets hidden: what follows or is joined to a flag with a secret's name.
    public static func arguments(_ arguments: [String]) -> [String] {
        var shown: [String] = []
        var isAfterSecret = false
        for argument in arguments {
            let isFlag = argument.hasPrefix("-")
            if isFlag { isAfterSecret = !argument.contains("=") && isSecret(argument) }
            // A flag that takes several keys has them all behind it, so only the next flag ends them.
            guard !isAfterSecret || isFlag else {
                shown.append(mask)
                continue
            }
            guard let mark = argument.firstIndex(of: "=") else {
                shown.append(url(argument))
                continue
            }
            let name = argument[..<mark]
            shown.append(isSecret(String(name)) ? "\(name)=\(mask)" : url(argument))
        }
        return shown
    }

    /// An address without the name and password that may stand before its host.
    private static func url(_ text: String) -> String {
        guard let scheme = text.firstRange(of: "://") else { return text }
        let rest = text[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let at = authority.lastIndex(of: "@") else { return text }
        return text[..<scheme.upperBound] + mask + text[at...]
    }
}
