// SPDX-License-Identifier: MIT

/// Why a request was refused for its key, for the metrics.
public enum KeyRefusalReason: String, Sendable, Hashable, CaseIterable {
    case missing, unknown, revoked, expired, model, requests, tokens
    case tooLarge = "too_large"
    case concurrent, budget
}
