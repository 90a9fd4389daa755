// SPDX-License-Identifier: MIT

public import SMMFControlHTTP
public import SMMFCore
import SMMFProviders
import SMMFWire

/// Finds what can be served without a configuration: providers whose keys stand in their usual variables, and servers on
/// their usual ports of this machine. Nothing is sent but a question for models, and that to loopback only.
public struct Discovery: Sendable {
    /// One finding.
    public struct Finding: Sendable, Hashable {
        /// For a person: what was found and where.
        public var title: String
        /// What is served of it; empty where more would have to be known.
        public var models: [Deployment]
        /// What to do, where nothing is served of it.
        public var nextStep: String?
    }

    /// A server on this machine that may be there.
    struct Candidate: Sendable {
        var provider: Provider
        var endpoint: Endpoint
    }

    private let http: PlainHTTP
    private let environment: [String: String]
    private let candidates: [Candidate]

    /// A server on this machine answers at once, or is busy with other things.
    private static let timeout: Duration = .milliseconds(700)
    private static let answerLimit = 1 << 20
    /// Models of one server.
    static let modelLimit = 32

    /// Prepares a search; ports in `own` are ours and not looked at.
    public init(http: PlainHTTP, environment: [String: String], own: Set<Int> = []) {
        let local = ["ollama", "llama-server", "vllm", "lm-studio"].compactMap { name -> Candidate? in
            guard let provider = Providers.named(name),
                let endpoint = try? provider.endpoint(for: ProviderSpec(provider: name)), !own.contains(endpoint.port)
            else { return nil }
            return Candidate(provider: provider, endpoint: endpoint)
        }
        self.init(http: http, environment: environment, candidates: local)
    }

    init(http: PlainHTTP, environment: [String: String], candidates: [Candidate]) {
        self.http = http
        self.environment = environment
        self.candidates = candidates
    }

    /// Looks once; servers of this machine come first. No two models have the same name.
    public func run() async -> [Finding] {
        var findings: [Finding] = []
        for (candidate, names) in await listings() where !names.isEmpty {
            findings.append(Self.finding(candidate, names, taken: Set(findings.flatMap(\.models).map(\.name))))
        }
        let taken = Set(findings.flatMap(\.models).map(\.name))
        return findings
            + Self.providers(environment).map { finding in
                var finding = finding
                finding.models.removeAll { taken.contains($0.name) }
                return finding
            }
    }

    // MARK: Keys

    /// What the variables give. Of two providers with the same variable the first is meant.
    static func providers(_ environment: [String: String]) -> [Finding] {
        var used: Set<String> = []
        return Providers.all.compactMap { provider -> Finding? in
            let variable = provider.environment.first { environment[$0]?.isEmpty == false }
            guard let variable, let text = environment[variable], used.insert(variable).inserted else { return nil }
            let key: Secret
            do throws(SMMFError) { key = try Secret(text, field: variable) } catch {
                return Finding(title: "\(variable) for \(provider.title)", models: [], nextStep: error.description)
            }
            let missing = provider.options.filter { provider.defaults[$0] == nil }
            guard missing.isEmpty, !provider.knownModels.isEmpty else {
                let options = missing.map { " --option \($0)=…" }.joined()
                return Finding(
                    title: "\(variable) for \(provider.title)",
                    models: [],
                    nextStep:
                        "Serve a model with: smmf model deploy NAME --provider \(provider.name)\(options) --model …"
                )
            }
            let models = provider.knownModels.compactMap { model in
                deployment("\(provider.name)/\(model)", provider, source: model, keys: [ProviderKey(key)])
            }
            return Finding(title: "\(variable) for \(provider.title)", models: models)
        }
    }

    private static func deployment(
        _ name: String,
        _ provider: Provider,
        source: String,
        keys: [ProviderKey] = [],
        base: String? = nil
    ) -> Deployment? {
        guard let name = try? ModelName(name) else { return nil }
        let spec = ProviderSpec(provider: provider.name, source: source, keys: keys, base: base)
        return Deployment(name: name, kind: kind(of: source), backend: .provider(spec), isFromFile: true)
    }

    /// What a model does, by the words that such models have in their names.
    static func kind(of model: String) -> ModelKind {
        let words = model.lowercased()
        if words.contains("rerank") { return .rerank }
        let isEmbedding = ["embed", "bge-", "e5-", "gte-", "minilm"].contains { words.contains($0) }
        return isEmbedding ? .embedding : .language
    }

    // MARK: Servers

    private func listings() async -> [(Candidate, [String])] {
        await withTaskGroup(of: (Int, [String]).self) { group in
            for (index, candidate) in candidates.enumerated() {
                group.addTask { (index, await models(of: candidate)) }
            }
            var found = [[String]](repeating: [], count: candidates.count)
            for await (index, names) in group { found[index] = names }
            return Array(zip(candidates, found))
        }
    }

    private func models(of candidate: Candidate) async -> [String] {
        let answer = try? await http.call(
            candidate.endpoint,
            path: "/v1/models",
            timeout: Self.timeout,
            limit: Self.answerLimit
        )
        guard let answer, answer.status == 200 else { return [] }
        // Another SMMF serves what this one would find as well.
        let limits = JSONTree.Limits(bytes: Self.answerLimit, depth: 32, values: 1 << 16)
        let rows = (try? JSONTree(answer.body, limits: limits))?["data"]?.array ?? []
        guard !rows.contains(where: { $0["owned_by"]?.string == "smmf" }) else { return [] }
        return Array(Provider.models(in: answer.body).prefix(Self.modelLimit))
    }

    static func finding(_ candidate: Candidate, _ names: [String], taken: Set<ModelName>) -> Finding {
        var taken = taken
        var models: [Deployment] = []
        let provider = candidate.provider
        let usual = try? provider.endpoint(for: ProviderSpec(provider: provider.name))
        let base = usual == candidate.endpoint ? nil : candidate.endpoint.description
        for source in names {
            // A file's name without its folders is what people call it.
            let isFile = source.hasPrefix("/") || source.hasSuffix(".gguf")
            let last = isFile ? source.split(separator: "/").last.map(String.init) ?? source : source
            let short = last.hasSuffix(".gguf") ? String(last.dropLast(5)) : last
            for name in [short, "\(provider.name)/\(short)"] {
                guard let model = deployment(name, provider, source: source, base: base), !taken.contains(model.name)
                else { continue }
                taken.insert(model.name)
                models.append(model)
                break
            }
        }
        return Finding(title: "\(provider.title) at \(candidate.endpoint.authority)", models: models)
    }
}
