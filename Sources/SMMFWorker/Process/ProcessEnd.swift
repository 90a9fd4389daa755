// SPDX-License-Identifier: MIT

public import SMMFCore

/// How the process of an engine ended.
public enum ProcessEnd: Sendable, Hashable {
    /// The engine ended, and the guard saw that nothing of it is left.
    case ended(ProcessExit)
    /// The same, and the kernel had ended one of its processes for the memory limit of its group.
    case shortOfMemory(ProcessExit)
    /// The guard was killed. The system has killed the engine with it, but what the engine had started may be alive.
    case guardLost(signal: Int32)
    /// The guard's end could not be observed; the text says why.
    case unknown(String)

    /// What an engine's failure reading is given.
    public var exit: ProcessExit {
        switch self {
        case .ended(let exit), .shortOfMemory(let exit): exit
        case .guardLost(let signal): .signal(signal)
        case .unknown: .signal(9)
        }
    }

    /// Reads the guard's exit code, which carries signal `n` as 128 + `n`.
    init(guardCode code: Int32, wasShortOfMemory: Bool = false) {
        let exit: ProcessExit = (129...192).contains(code) ? .signal(code - 128) : .code(code)
        self = wasShortOfMemory ? .shortOfMemory(exit) : .ended(exit)
    }
}
