// SPDX-License-Identifier: MIT

/// What the relay has to mind with a provider's answers.
public struct ProviderHabits: Sendable, Hashable {
    /// Whether streams may be asked for usage.
    public var takesStreamOptions: Bool
    /// Whether an error comes with status 200 and nothing but a code that is not zero.
    public var hidesErrorsByCode: Bool

    /// Whether the usage of a stream stands where OpenAI's clients do not look.
    public var hasUsageElsewhere: Bool

    /// Creates habits.
    public init(takesStreamOptions: Bool, hidesErrorsByCode: Bool = false, hasUsageElsewhere: Bool = false) {
        self.takesStreamOptions = takesStreamOptions
        self.hasUsageElsewhere = hasUsageElsewhere
        self.hidesErrorsByCode = hidesErrorsByCode
    }
}
