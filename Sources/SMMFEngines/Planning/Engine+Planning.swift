// SPDX-License-Identifier: MIT

import SMMFCore

extension Engine {
    /// The beginning of the command line: a program of the user's own, or one of the installed environment's.
    ///
    /// Throws ``InstanceFailure`` that says how to get the engine where there is none.
    func command(
        _ program: EngineProgram,
        installed: (_ folder: String) -> [String] = { _ in [] }
    ) throws(InstanceFailure) -> [String] {
        switch program {
        case .executable(let path): return [path]
        case .environment(let folder): return installed(folder)
        case .none:
            let distribution = self.distribution
            let programs = distribution.executables.joined(separator: " or ")
            var ways: [String] = []
            if distribution.isInstallable { ways.append("Run `smmf engine install \(name)`") }
            if !programs.isEmpty { ways.append(ways.isEmpty ? "Put \(programs) on PATH" : "put \(programs) on PATH") }
            throw InstanceFailure(
                .engineMissing,
                "The engine \(name) is not on this machine.",
                nextStep: ways.joined(separator: ", or ") + "."
            )
        }
    }

    /// Throws where the engine cannot serve models of the assignment's kind.
    func requireKind(_ kinds: Set<ModelKind>, _ assignment: InstanceAssignment) throws(InstanceFailure) {
        guard !kinds.contains(assignment.kind) else { return }
        let known = kinds.map(\.rawValue).sorted().joined(separator: " and ")
        throw InstanceFailure(
            .badArgument,
            "The engine \(name) serves \(known) models, and \(assignment.model) is of the kind \(assignment.kind.rawValue).",
            nextStep: "Correct kind of the deployment, or choose another engine."
        )
    }
}

extension String {
    /// The percentage in a progress line, such as `45%`, as a fraction.
    var percentage: Double? {
        guard let mark = firstIndex(of: "%") else { return nil }
        let digits = self[..<mark].reversed().prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let value = Double(String(digits.reversed())), (0...100).contains(value) else { return nil }
        return value / 100
    }
}
