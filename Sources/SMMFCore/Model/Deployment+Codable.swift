// SPDX-License-Identifier: MIT

extension Deployment {
    /// Reads a deployment; `name` and `backend` are required, the rest has defaults, and unknown members are refused.
    public init(from decoder: any Decoder) throws {
        try StrictKeys.check(decoder, known: CodingKeys.allCases.map(\.rawValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try container.decode(ModelName.self, forKey: .name),
            kind: try container.decodeIfPresent(ModelKind.self, forKey: .kind) ?? .language,
            backend: try container.decode(Backend.self, forKey: .backend),
            replicas: try container.decodeIfPresent(Replicas.self, forKey: .replicas) ?? .one,
            policy: try container.decodeIfPresent(String.self, forKey: .policy) ?? Self.defaultPolicy,
            desired: try container.decodeIfPresent(Desired.self, forKey: .desired) ?? .online,
            unloadAfter: try container.decodeIfPresent(Int.self, forKey: .unloadAfter),
            isPinned: try container.decodeIfPresent(Bool.self, forKey: .isPinned) ?? false,
            parks: try container.decodeIfPresent(Bool.self, forKey: .parks) ?? false,
            batchLimit: try container.decodeIfPresent(Int.self, forKey: .batchLimit),
            gatherAbove: try container.decodeIfPresent(Int.self, forKey: .gatherAbove),
            generation: try container.decodeIfPresent(UInt64.self, forKey: .generation) ?? 1,
            isFromFile: try container.decodeIfPresent(Bool.self, forKey: .isFromFile) ?? false
        )
    }
}

extension Backend: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case engine, endpoints, provider, route
    }

    /// Reads an object with exactly one of `engine`, `endpoints`, `provider` and `route`.
    public init(from decoder: any Decoder) throws {
        try StrictKeys.check(decoder, known: CodingKeys.allCases.map(\.rawValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard container.allKeys.count == 1 else {
            throw SMMFError(
                .invalidRequest,
                "backend must have exactly one of engine, endpoints, provider and route.",
                field: "backend"
            )
        }
        if let spec = try container.decodeIfPresent(EngineSpec.self, forKey: .engine) {
            self = .engine(spec)
        } else if let endpoints = try container.decodeIfPresent([Endpoint].self, forKey: .endpoints) {
            self = .endpoints(endpoints)
        } else if let spec = try container.decodeIfPresent(ProviderSpec.self, forKey: .provider) {
            self = .provider(spec)
        } else {
            self = .route(try container.decode(RouteSpec.self, forKey: .route))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .engine(let spec): try container.encode(spec, forKey: .engine)
        case .endpoints(let endpoints): try container.encode(endpoints, forKey: .endpoints)
        case .provider(let spec): try container.encode(spec, forKey: .provider)
        case .route(let spec): try container.encode(spec, forKey: .route)
        }
    }
}

extension EngineSpec {
    /// Reads a specification; `name` and `source` are required and unknown members are refused.
    public init(from decoder: any Decoder) throws {
        try StrictKeys.check(decoder, known: CodingKeys.allCases.map(\.rawValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            engine: try container.decode(String.self, forKey: .engine),
            source: try container.decode(String.self, forKey: .source),
            context: try container.decodeIfPresent(Int.self, forKey: .context),
            parallel: try container.decodeIfPresent(Int.self, forKey: .parallel),
            threads: try container.decodeIfPresent(Int.self, forKey: .threads),
            tensorParallel: try container.decodeIfPresent(Int.self, forKey: .tensorParallel),
            quantization: try container.decodeIfPresent(String.self, forKey: .quantization),
            memoryShare: try container.decodeIfPresent(Double.self, forKey: .memoryShare),
            batchTokens: try container.decodeIfPresent(Int.self, forKey: .batchTokens),
            adapters: try container.decodeIfPresent([String: String].self, forKey: .adapters) ?? [:],
            arguments: try container.decodeIfPresent([String].self, forKey: .arguments) ?? [],
            environment: try container.decodeIfPresent([String: String].self, forKey: .environment) ?? [:],
            limits: try container.decodeIfPresent(ResourceLimits.self, forKey: .limits) ?? ResourceLimits()
        )
    }
}
