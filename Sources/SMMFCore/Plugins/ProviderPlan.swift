// SPDX-License-Identifier: MIT

/// What the control plane needs to know of a provider: where it is, and what it asks for.
public protocol ProviderPlan: Sendable {
    /// The name in configuration, such as `openai`.
    var name: String { get }
    /// The words that its API speaks.
    var dialect: Dialect { get }
    /// Whether it answers without a key, as servers on this machine do.
    var isKeyless: Bool { get }
    /// Variables of the environment that usually hold a key, the most usual first.
    var environment: [String] { get }
    /// Where to reach it; throws ``SMMFError`` that names the option or the URL at fault.
    func endpoint(for spec: ProviderSpec) throws(SMMFError) -> Endpoint
    /// Inputs of one embedding request that it takes; any number when nil.
    var batchLimit: Int? { get }
}
