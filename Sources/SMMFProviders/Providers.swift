// SPDX-License-Identifier: MIT

public import SMMFCore

/// Every provider; the law tests run over this list, and a new one is a row in one of its parts.
public enum Providers {
    /// All of them.
    public static let all: [Provider] = world + china + native + local

    /// The provider with this name.
    public static func named(_ name: String) -> Provider? { all.first { $0.name == name } }

    /// The provider with this name; throws ``SMMFError`` with the nearest names where there is none.
    public static func required(_ name: String) throws(SMMFError) -> Provider {
        if let provider = named(name) { return provider }
        let likely = NameSuggestion.nearest(to: name, among: all.map(\.name), limit: 3)
        throw SMMFError(
            .notFound,
            "There is no provider \(name).",
            field: "provider",
            nextStep: likely.isEmpty
                ? "smmf provider list --all shows them." : "Did you mean \(likely.joined(separator: " or "))?"
        )
    }
}
