// SPDX-License-Identifier: MIT

/// What answers for a model.
public enum Backend: Sendable, Hashable {
    /// An inference framework that SMMF starts.
    case engine(EngineSpec)
    /// Engines that somebody else runs.
    case endpoints([Endpoint])
    /// A remote API.
    case provider(ProviderSpec)
    /// Other models.
    case route(RouteSpec)
}
