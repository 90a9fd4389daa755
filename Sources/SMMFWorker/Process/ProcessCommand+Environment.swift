// SPDX-License-Identifier: MIT

import Subprocess

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ProcessCommand {
    /// The environment of the new process. SMMF's own variables hold its keys and settings, which are no engine's
    /// business, and a marker of an outer worker must not be mistaken for one of ours.
    var subprocessEnvironment: Environment {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in ProcessInfo.processInfo.environment where !name.hasPrefix("SMMF_") {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        for (name, value) in environment {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        return .custom(variables)
    }
}
