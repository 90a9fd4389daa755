// SPDX-License-Identifier: MIT

extension Deployment {
    /// Checks what no type can: throws ``SMMFError`` that names the field and the limit.
    ///
    /// `engines`, `providers` and `policies` are those that exist, and `parkingEngines` the engines that can be parked;
    /// `others` are the other models, which a route may name.
    public func validate(
        engines: [String],
        parkingEngines: [String] = [],
        providers: [any ProviderPlan],
        policies: [String],
        others: [Deployment]
    ) throws(SMMFError) {
        guard policies.contains(policy) else {
            throw Self.unknown("policy", policy, known: policies)
        }
        if isPinned, unloadAfter == nil {
            throw SMMFError(
                .invalidRequest,
                "pinned is for models with unload_after; without it a model is always loaded.",
                field: "pinned"
            )
        }
        try validateParking(parkingEngines)
        if let unloadAfter {
            guard case .engine = backend else {
                throw SMMFError(
                    .invalidRequest,
                    "unload_after is for models on an engine; nobody can unload an endpoint, a provider or a route.",
                    field: "unload_after"
                )
            }
            guard (1...Self.longestUnloadAfter).contains(unloadAfter) else {
                throw SMMFError(
                    .invalidRequest,
                    "unload_after must be from 1 to \(Self.longestUnloadAfter) seconds, but is \(unloadAfter).",
                    field: "unload_after"
                )
            }
        }
        try validateBatch("batch_limit", batchLimit, kinds: [.embedding, .rerank])
        try validateBatch("gather_above", gatherAbove, kinds: [.embedding])
        switch backend {
        case .engine(let spec): try spec.validate(engines: engines)
        case .endpoints(let endpoints):
            guard (1...Replicas.limit).contains(endpoints.count) else {
                throw SMMFError(
                    .invalidRequest,
                    "endpoints needs 1 to \(Replicas.limit) addresses.",
                    field: "endpoints"
                )
            }
        case .provider(let spec): try spec.validate(providers)
        case .route(let spec): try spec.validate(others: others)
        }
    }

    private func validateParking(_ engines: [String]) throws(SMMFError) {
        guard parks else { return }
        guard unloadAfter != nil else {
            throw SMMFError(
                .invalidRequest,
                "park is for models with unload_after; without it a model is never unloaded.",
                field: "park"
            )
        }
        guard case .engine(let spec) = backend, !engines.contains(spec.engine) else { return }
        throw SMMFError(
            .invalidRequest,
            "The engine \(spec.engine) cannot give up its memory and keep its process.",
            field: "park",
            nextStep: engines.isEmpty
                ? "Remove park." : "Remove park, or choose one of \(engines.sorted().joined(separator: ", "))."
        )
    }

    private static let largestBatch = 65_536

    private func validateBatch(_ field: String, _ value: Int?, kinds: Set<ModelKind>) throws(SMMFError) {
        guard let value else { return }
        guard kinds.contains(kind) else {
            let known = kinds.map(\.rawValue).sorted().joined(separator: " and ")
            throw SMMFError(
                .invalidRequest,
                "\(field) is for \(known) models, and \(name) is of the kind \(kind.rawValue).",
                field: field
            )
        }
        guard (1...Self.largestBatch).contains(value) else {
            throw SMMFError(
                .invalidRequest,
                "\(field) must be from 1 to \(Self.largestBatch), but is \(value).",
                field: field
            )
        }
    }

    /// A month, in seconds.
    private static let longestUnloadAfter = 31 * 86_400

    static func unknown(_ field: String, _ value: String, known: [String]) -> SMMFError {
        let likely = NameSuggestion.nearest(to: value, among: known, limit: 3)
        return SMMFError(
            .invalidRequest,
            "\(field) names \"\(value)\", which does not exist.",
            field: field,
            nextStep: likely.isEmpty
                ? known.isEmpty ? "This build has none." : "Known are \(known.sorted().joined(separator: ", "))."
                : "Did you mean \(likely.joined(separator: " or "))?"
        )
    }
}

extension ProviderSpec {
    func validate(_ providers: [any ProviderPlan]) throws(SMMFError) {
        guard let plan = providers.first(where: { $0.name == provider }) else {
            throw Deployment.unknown("provider", provider, known: providers.map(\.name))
        }
        guard keys.count <= Self.keyLimit else {
            throw SMMFError(.invalidRequest, "api_keys has more than \(Self.keyLimit) keys.", field: "api_keys")
        }
        guard Set(keys.map(\.secret)).count == keys.count else {
            throw SMMFError(.invalidRequest, "api_keys has the same key twice.", field: "api_keys")
        }
        if let wrong = keys.map(\.weight).first(where: { !(1...ProviderKey.heaviest).contains($0) }) {
            throw SMMFError(
                .invalidRequest,
                "weight must be from 1 to \(ProviderKey.heaviest), but is \(wrong).",
                field: "api_keys.weight"
            )
        }
        guard !keys.isEmpty || plan.isKeyless else {
            throw SMMFError(
                .invalidRequest,
                "The provider \(provider) needs a key.",
                field: "api_key",
                nextStep: "Give it as api_key, best as \"${env:\(plan.environment.first ?? "NAME")}\"."
            )
        }
        _ = try plan.endpoint(for: self)
    }
}

extension EngineSpec {
    func validate(engines: [String]) throws(SMMFError) {
        guard engines.contains(engine) else { throw Deployment.unknown("engine", engine, known: engines) }
        guard !source.isEmpty || !arguments.isEmpty else {
            throw SMMFError(.invalidRequest, "source must name a model file, folder or repository.", field: "source")
        }
        let counts = [
            ("context", context), ("parallel", parallel), ("threads", threads), ("tensor_parallel", tensorParallel),
            ("batch_tokens", batchTokens),
        ]
        for (field, value) in counts {
            guard let value, !(1...(1 << 24)).contains(value) else { continue }
            throw SMMFError(.invalidRequest, "\(field) must be from 1 to \(1 << 24), but is \(value).", field: field)
        }
        if let memoryShare, !(memoryShare > 0 && memoryShare <= 1) {
            throw SMMFError(
                .invalidRequest,
                "memory_share must be above 0 and at most 1, but is \(memoryShare).",
                field: "memory_share"
            )
        }
        if let name = adapters.keys.first(where: { $0.isEmpty || $0.contains("=") || $0.contains(",") }) {
            throw SMMFError(
                .invalidRequest,
                "The adapter name \"\(name)\" is empty or has a comma or an equals sign.",
                field: "adapters"
            )
        }
        try limits.validate(environment: environment)
        let pairs = environment.flatMap { [$0.key, $0.value] } + adapters.flatMap { [$0.key, $0.value] }
        let texts = [source, quantization ?? ""] + arguments + pairs
        guard texts.allSatisfy({ !$0.utf8.contains(0) }) else {
            throw SMMFError(
                .invalidRequest,
                "source, arguments and environment may not contain a NUL byte.",
                field: "arguments"
            )
        }
    }
}
