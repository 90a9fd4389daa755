// SPDX-License-Identifier: MIT

/// Why a process could not be started.
public enum SpawnFailure: Error, Sendable, Hashable {
    /// The system refused the program: the error number, and its text.
    case program(number: Int32, text: String)
    /// The system refused a limit: the guard's option, the error number, and its text.
    case limit(option: String, number: Int32, text: String)
    /// The guard itself could not be started or said nothing that makes sense.
    case guardProgram(String)
}

extension SpawnFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .program(_, let text): text
        case .limit(let option, _, let text): "its limit \(option) cannot be set: \(text)"
        case .guardProgram(let text): "the guard process could not be started: \(text)"
        }
    }
}
