// SPDX-License-Identifier: MIT

import SMMFCore

/// An engine that there is not, as somebody else would add one: this file, and a line in the list of the law tests, with
/// nothing but what `SMMFCore` offers to everybody.
struct MadeUpEngine: Engine {
    let name = "made-up"
    let distribution = EngineDistribution(executables: ["made-up-server"])

    func plan(_ launch: EngineLaunch) throws(InstanceFailure) -> LaunchPlan {
        guard case .executable(let program) = launch.program else {
            throw InstanceFailure(
                .engineMissing,
                "The engine made-up is not on this machine.",
                nextStep: "Put made-up-server on PATH."
            )
        }
        let (assignment, spec) = (launch.assignment, launch.assignment.spec)
        let refused = [
            "tensor_parallel": spec.tensorParallel != nil, "quantization": spec.quantization != nil,
            "memory_share": spec.memoryShare != nil, "batch_tokens": spec.batchTokens != nil,
            "threads": spec.threads != nil, "adapters": !spec.adapters.isEmpty,
        ].filter(\.value).keys.min()
        if let refused {
            throw InstanceFailure(
                .badArgument,
                "The engine made-up has nothing like the setting \(refused).",
                nextStep: "Remove \(refused) from the deployment."
            )
        }
        var plan = LaunchPlan(
            arguments: [program, spec.source, "--name", assignment.model.text, "--listen", "127.0.0.1:\(launch.port)"],
            environment: spec.environment,
            loadPath: "/load",
            servedName: assignment.model.text
        )
        if let context = spec.context { plan.arguments += ["--context", String(context)] }
        if let parallel = spec.parallel { plan.arguments += ["--parallel", String(parallel)] }
        if let key = launch.apiKey { plan.environment["MADE_UP_KEY"] = key }
        plan.arguments += spec.arguments
        return plan
    }

    func progress(in line: String) -> LoadingProgress? {
        line.hasPrefix("loading") ? LoadingProgress(text: "reading the weights") : nil
    }

    func failure(in lines: [String], exit: ProcessExit) -> InstanceFailure? {
        func failure(_ kind: InstanceFailure.Kind, _ sign: String, _ message: String) -> InstanceFailure? {
            guard let line = lines.first(where: { $0.contains(sign) }) else { return nil }
            return InstanceFailure(kind, message, nextStep: "It starts again by itself.", evidence: [line])
        }
        return failure(.diskFull, "No space left on device", "The disk is full.")
            ?? failure(.portInUse, "Address already in use", "The port is in use by another program.")
    }

    func load(from text: String) -> LoadRecord? {
        let parts = text.split(separator: "/").map { Int($0) }
        guard parts.count == 2, let running = parts[0], let waiting = parts[1], min(running, waiting) >= 0 else {
            return nil
        }
        return LoadRecord(running: running, waiting: waiting)
    }
}
