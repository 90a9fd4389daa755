// SPDX-License-Identifier: MIT

extension Deployment {
    /// The deployment as it may be listed, with the secrets in its environment and arguments hidden.
    public var masked: Deployment {
        guard case .engine(var spec) = backend else { return self }
        spec.environment = SecretMask.environment(spec.environment)
        spec.arguments = SecretMask.arguments(spec.arguments)
        var shown = self
        shown.backend = .engine(spec)
        return shown
    }

    /// Puts the secrets of `present` back where this one, which was read from a listing and changed, has them hidden.
    ///
    /// Throws ``SMMFError`` with the field where there is nothing to put back.
    public func unmasked(from present: Deployment?) throws(SMMFError) -> Deployment {
        guard case .engine(var spec) = backend else { return self }
        var known: EngineSpec?
        if case .engine(let spec) = present?.backend { known = spec }
        for (name, value) in spec.environment where value.contains(SecretMask.mask) {
            guard let secret = known?.environment[name], SecretMask.environment([name: secret])[name] == value else {
                throw Self.hidden("environment.\(name)")
            }
            spec.environment[name] = secret
        }
        if spec.arguments.contains(where: { $0.contains(SecretMask.mask) }) {
            guard let arguments = known?.arguments, SecretMask.arguments(arguments) == spec.arguments else {
                throw Self.hidden("arguments")
            }
            spec.arguments = arguments
        }
        var next = self
        next.backend = .engine(spec)
        return next
    }

    private static func hidden(_ field: String) -> SMMFError {
        SMMFError(
            .invalidRequest,
            "\(field) has \(SecretMask.mask) in a secret's place.",
            field: field,
            nextStep: "Write the secret itself."
        )
    }
}

extension ModelStatus {
    /// The status as it may be listed.
    public var masked: ModelStatus {
        var shown = self
        shown.deployment = deployment.masked
        return shown
    }
}
