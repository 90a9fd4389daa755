// SPDX-License-Identifier: MIT

import SMMFCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension InstanceFailure {
    /// A process that could not be started.
    init(starting program: String, _ failure: SpawnFailure) {
        if case .limit(let option, _, let text) = failure {
            let field = "limits." + (Self.fields[option] ?? option)
            self.init(
                .badArgument,
                "The system does not let the engine have \(field): \(text).",
                nextStep: "Change or remove \(field) in the deployment."
            )
            return
        }
        guard case .program(let number, let text) = failure else {
            self.init(.exited, "The engine could not be started: \(failure).")
            return
        }
        switch number {
        case ENOENT, ENOTDIR:
            self.init(
                .engineMissing,
                "The program \(program) is not there.",
                nextStep: "Install it, or correct the path in the configuration."
            )
        case EACCES, ENOEXEC:
            self.init(
                .engineMissing,
                "The program \(program) cannot be run: \(text).",
                nextStep: "Check its permissions, and that it is made for this machine."
            )
        case E2BIG: self.init(.badArgument, "The arguments or environment for \(program) are too long.")
        case ENOMEM, EAGAIN: self.init(.outOfMemory, "The system cannot start \(program): \(text).")
        case ENOSPC: self.init(.diskFull, "The system cannot start \(program): \(text).")
        default: self.init(.exited, "The system cannot start \(program): \(text).")
        }
    }

    /// The deployment's settings by the guard's options.
    private static let fields = ["cores": "cores", "nice": "niceness", "data-limit": "memory", "group": "memory"]

    /// An engine that the kernel ended for its memory limit, whatever else its log says.
    static func overMemory(limit: Int?, lastLines: [String]) -> InstanceFailure {
        let size = limit.map { " of \($0 >> 20) MB" } ?? ""
        return InstanceFailure(
            .outOfMemory,
            "The engine went beyond its memory limit\(size) and was ended by the kernel.",
            nextStep: "Raise limits.memory, or take a smaller model, context or parallel.",
            evidence: Array(lastLines.suffix(5))
        )
    }

    /// Adds the limit that may be the reason, where each process of the engine has one for its data.
    func consideringMemory(_ allotment: Allotment?) -> InstanceFailure {
        guard let memory = allotment?.memory, allotment?.memoryGuard == .eachProcess,
            kind == .outOfMemory || kind == .exited || kind == .killed
        else { return self }
        var next = self
        let hint =
            "limits.memory lets each of its processes have \(memory >> 20) MB of data; if that is too little, raise it."
        next.nextStep = nextStep.map { "\($0) \(hint)" } ?? hint
        return next
    }

    /// A process that ended without saying why.
    init(_ end: ProcessEnd, lastLines: [String]) {
        let evidence = Array(lastLines.suffix(5))
        let look = "Look at the last lines of its log with smmf model logs."
        switch end {
        case .ended(.code(let code)):
            self.init(.exited, "The engine ended by itself with exit code \(code).", nextStep: look, evidence: evidence)
        case .ended(.signal(SIGKILL)):
            self.init(
                .killed,
                "The engine was killed (SIGKILL), by somebody or by the system for want of memory.",
                nextStep: "When dmesg tells of an out-of-memory kill, take a smaller model or context.",
                evidence: evidence
            )
        case .ended(.signal(let number)):
            self.init(.killed, "The engine was ended by signal \(number).", nextStep: look, evidence: evidence)
        case .shortOfMemory: self = .overMemory(limit: nil, lastLines: lastLines)
        case .guardLost:
            self.init(
                .killed,
                "The engine's guard process was killed, and the engine with it.",
                nextStep: "Nothing to do: it starts again by itself.",
                evidence: evidence
            )
        case .unknown(let why):
            self.init(.exited, "The engine ended, and its status is not known: \(why).", evidence: evidence)
        }
    }
}
