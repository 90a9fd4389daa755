// SPDX-License-Identifier: MIT

extension RouteSpec {
    /// Checks the route of the model `name`; `others` are the models that it may name.
    func validate(others: [Deployment]) throws(SMMFError) {
        guard (1...Self.limit).contains(members.count) else {
            throw SMMFError(.invalidRequest, "route needs 1 to \(Self.limit) models.", field: "route")
        }
        guard Set(models).count == members.count else {
            throw SMMFError(.invalidRequest, "route names a model twice.", field: "route")
        }
        for target in models {
            guard let other = others.first(where: { $0.name == target }) else {
                throw Deployment.unknown("route", target.text, known: others.map(\.name.text))
            }
            // Chains of chains could loop, and nobody could say what answers.
            if case .route = other.backend {
                throw SMMFError(
                    .invalidRequest,
                    "route may not name \(target), which is a route itself.",
                    field: "route"
                )
            }
        }
        try validateShares()
        if let spillAbove, !(1...65_536).contains(spillAbove) {
            throw SMMFError(
                .invalidRequest,
                "spill_above must be from 1 to 65536 requests, but is \(spillAbove).",
                field: "spill_above"
            )
        }
    }

    private func validateShares() throws(SMMFError) {
        guard isSplit else { return }
        for weight in members.compactMap(\.weight) where !(0...Self.heaviest).contains(weight) {
            throw SMMFError(
                .invalidRequest,
                "A member's weight must be from 0 to \(Self.heaviest), but is \(weight).",
                field: "route"
            )
        }
        guard members.contains(where: { $0.weight ?? 0 > 0 }) else {
            throw SMMFError(.invalidRequest, "route has no member with a weight above 0.", field: "route")
        }
        for (field, isGiven) in [("prefer", preference != nil), ("spill_above", spillAbove != nil)] where isGiven {
            throw SMMFError(
                .invalidRequest,
                "\(field) is for members in order, and the weights of this route share its requests.",
                field: field,
                nextStep: "Give one of them."
            )
        }
    }
}
