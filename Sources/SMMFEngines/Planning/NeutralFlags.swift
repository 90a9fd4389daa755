// SPDX-License-Identifier: MIT

import SMMFCore

/// How an engine spells the neutral settings of a deployment. A setting that it has no spelling for is refused by its
/// name: nobody shall believe that it holds.
struct NeutralFlags: Sendable {
    /// The flag in front of the value, or the variable that holds it.
    enum Spelling: Sendable {
        case flag(String)
        case variable(String)
    }

    var context: Spelling?
    var parallel: Spelling?
    var threads: Spelling?
    var tensorParallel: Spelling?
    var quantization: Spelling?
    var memoryShare: Spelling?
    var batchTokens: Spelling?
    /// Flags in front of the adapters, which follow as `name=place`.
    var adapters: [String] = []
    /// What stands between the adapters where they are one argument; nil where each is one of its own.
    var adapterSeparator: String?

    /// Adds the settings of a deployment to a plan, and behind them its own arguments and environment, which are the last
    /// word. Throws for the first setting without a spelling.
    func apply(_ spec: EngineSpec, of engine: String, to plan: inout LaunchPlan) throws(InstanceFailure) {
        let settings: [(name: String, spelling: Spelling?, value: String?)] = [
            ("context", context, spec.context.map(String.init)),
            ("parallel", parallel, spec.parallel.map(String.init)),
            ("threads", threads, spec.threads.map(String.init)),
            ("tensor_parallel", tensorParallel, spec.tensorParallel.map(String.init)),
            ("quantization", quantization, spec.quantization),
            ("memory_share", memoryShare, spec.memoryShare.map { "\($0)" }),
            ("batch_tokens", batchTokens, spec.batchTokens.map(String.init)),
        ]
        for setting in settings {
            guard let value = setting.value else { continue }
            switch setting.spelling {
            case .flag(let flag): plan.arguments += [flag, value]
            case .variable(let name): plan.environment[name] = value
            case nil: throw Self.refusal(setting.name, engine)
            }
        }
        if !spec.adapters.isEmpty {
            guard !adapters.isEmpty else { throw Self.refusal("adapters", engine) }
            let pairs = spec.adapters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            plan.arguments += adapters + (adapterSeparator.map { [pairs.joined(separator: $0)] } ?? pairs)
        }
        plan.arguments += spec.arguments
        plan.environment.merge(spec.environment) { _, own in own }
    }

    static func refusal(_ setting: String, _ engine: String) -> InstanceFailure {
        InstanceFailure(
            .badArgument,
            "The engine \(engine) has nothing like the setting \(setting).",
            nextStep: "Remove \(setting) from the deployment, or choose another engine; arguments takes any flag."
        )
    }
}
