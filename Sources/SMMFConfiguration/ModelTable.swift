// SPDX-License-Identifier: MIT

import SMMFCore

/// Reads one `[[models]]` table.
enum ModelTable {
    static func read(_ table: ConfigurationTable) throws(SMMFError) -> Deployment {
        let text = try table.requiredString("name")
        guard let name = try? ModelName(text) else {
            throw table.error("name", "has a character that a model's name cannot have, or is too long.")
        }
        let deployment = Deployment(
            name: name,
            kind: try kind(table),
            backend: try backend(table),
            replicas: try replicas(table),
            policy: try table.string("policy") ?? Deployment.defaultPolicy,
            unloadAfter: try table.integer("unload_after"),
            isPinned: try table.bool("pinned") ?? false,
            parks: try table.bool("park") ?? false,
            batchLimit: try table.integer("batch_limit"),
            gatherAbove: try table.integer("gather_above"),
            isFromFile: true
        )
        try table.finish()
        return deployment
    }

    private static func kind(_ table: ConfigurationTable) throws(SMMFError) -> ModelKind {
        guard let text = try table.string("kind") else { return .language }
        guard let kind = ModelKind(rawValue: text) else {
            let known = ModelKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw table.error("kind", "is \"\(text)\", but must be one of \(known).")
        }
        return kind
    }

    private static func backend(_ table: ConfigurationTable) throws(SMMFError) -> Backend {
        let given = ["engine", "endpoints", "provider", "route"].filter { table.has($0) }
        guard given.count == 1 else {
            let why =
                given.isEmpty
                ? "needs one of engine, endpoints, provider and route" : "has \(given.joined(separator: " and "))"
            throw table.error("name", "belongs to a model that \(why); give exactly one.")
        }
        if let engine = try table.string("engine") { return .engine(try spec(engine, table)) }
        if let provider = try table.string("provider") { return .provider(try access(provider, table)) }
        if let texts = try table.strings("endpoints") {
            return .endpoints(try parse(texts, table, "endpoints") { text throws(SMMFError) in try Endpoint(text) })
        }
        return .route(try route(table))
    }

    private static func route(_ table: ConfigurationTable) throws(SMMFError) -> RouteSpec {
        let form = "must be a list of models, or of tables like { model = \"a\", weight = 9 }."
        guard let elements = table.value("route")?.elements else { throw table.error("route", form) }
        var members: [RouteSpec.Member] = []
        for element in elements {
            guard let text = element.text ?? element["model"]?.text else { throw table.error("route", form) }
            var member: RouteSpec.Member
            do { member = RouteSpec.Member(try ModelName(text)) } catch {
                throw table.error("route", "is wrong: \(error.message)")
            }
            if case .object(let members) = element {
                guard Set(members.keys).isSubset(of: ["model", "weight"]) else { throw table.error("route", form) }
                if let weight = members["weight"] {
                    guard case .integer(let number) = weight else { throw table.error("route", form) }
                    member.weight = Int(number)
                }
            }
            members.append(member)
        }
        var spec = RouteSpec(members, spillAbove: try table.integer("spill_above"))
        if let text = try table.string("prefer") {
            guard let preference = RouteSpec.Preference(rawValue: text) else {
                throw table.error("prefer", "is \"\(text)\", but must be cost.")
            }
            spec.preference = preference
        }
        return spec
    }

    private static func access(_ provider: String, _ table: ConfigurationTable) throws(SMMFError) -> ProviderSpec {
        if table.has("api_key"), table.has("api_keys") {
            throw table.error("api_keys", "stands beside api_key; give one of them.")
        }
        var options: [String: String] = [:]
        if let named = try table.table("options") { options = try named.namedStrings() }
        return ProviderSpec(
            provider: provider,
            source: try table.string("source"),
            keys: try keys(table),
            base: try table.string("base_url"),
            options: options
        )
    }

    /// `api_key`, or the list `api_keys` of texts and of tables with `key` and `weight`.
    private static func keys(_ table: ConfigurationTable) throws(SMMFError) -> [ProviderKey] {
        if let text = try table.string("api_key") { return [ProviderKey(try secret(text, table, "api_key"))] }
        guard let value = table.value("api_keys") else { return [] }
        let form = "must be a list of keys, or of tables like { key = \"${env:NAME}\", weight = 2 }."
        guard let elements = value.elements else { throw table.error("api_keys", form) }
        var keys: [ProviderKey] = []
        for element in elements {
            guard let text = element.text ?? element["key"]?.text else { throw table.error("api_keys", form) }
            var key = ProviderKey(try secret(text, table, "api_keys"))
            if case .object(let members) = element {
                guard Set(members.keys).isSubset(of: ["key", "weight"]) else { throw table.error("api_keys", form) }
                if let weight = members["weight"] {
                    guard case .integer(let number) = weight, (1...Int64(ProviderKey.heaviest)).contains(number) else {
                        throw table.error(
                            "api_keys",
                            "has a weight that is no number from 1 to \(ProviderKey.heaviest)."
                        )
                    }
                    key.weight = Int(number)
                }
            }
            keys.append(key)
        }
        return keys
    }

    private static func secret(
        _ text: String,
        _ table: ConfigurationTable,
        _ member: String
    ) throws(SMMFError) -> Secret {
        do throws(SMMFError) { return try Secret(text, field: member) } catch {
            throw table.error(member, "is wrong: \(error.message)", nextStep: error.nextStep)
        }
    }

    private static func parse<Value>(
        _ texts: [String],
        _ table: ConfigurationTable,
        _ member: String,
        _ parse: (String) throws(SMMFError) -> Value
    ) throws(SMMFError) -> [Value] {
        var values: [Value] = []
        for text in texts {
            do {
                values.append(try parse(text))
            } catch {
                throw table.error(member, "is wrong: \(error.message)")
            }
        }
        return values
    }

    private static func spec(_ engine: String, _ table: ConfigurationTable) throws(SMMFError) -> EngineSpec {
        var environment: [String: String] = [:]
        if let variables = try table.table("environment") { environment = try variables.namedStrings() }
        var adapters: [String: String] = [:]
        if let named = try table.table("adapters") { adapters = try named.namedStrings() }
        return EngineSpec(
            engine: engine,
            source: try table.string("source") ?? "",
            context: try table.integer("context"),
            parallel: try table.integer("parallel"),
            threads: try table.integer("threads"),
            tensorParallel: try table.integer("tensor_parallel"),
            quantization: try table.string("quantization"),
            memoryShare: try table.number("memory_share"),
            batchTokens: try table.integer("batch_tokens"),
            adapters: adapters,
            arguments: try table.strings("arguments") ?? [],
            environment: environment,
            limits: try limits(table)
        )
    }

    private static func limits(_ model: ConfigurationTable) throws(SMMFError) -> ResourceLimits {
        guard let table = try model.table("limits") else { return ResourceLimits() }
        var limits = ResourceLimits(memory: try table.integer("memory"), niceness: try table.integer("niceness"))
        do {
            if let value = table.value("cores") { limits.cores = try CoreRequest(value) }
        } catch {
            throw table.error("cores", "is wrong: \(error.message)")
        }
        do {
            if let value = table.value("devices") { limits.devices = try DeviceRequest(value) }
        } catch {
            throw table.error("devices", "is wrong: \(error.message)")
        }
        try table.finish()
        return limits
    }

    private static func replicas(_ table: ConfigurationTable) throws(SMMFError) -> Replicas {
        if let range = try? table.table("replicas") {
            let min = try range.integer("min")
            let max = try range.integer("max")
            try range.finish()
            return try Replicas(min: min ?? 1, max: max ?? Swift.max(1, min ?? 1))
        }
        guard let count = try table.integer("replicas") else { return .one }
        return try Replicas(min: count, max: count)
    }
}
