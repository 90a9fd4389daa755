// SPDX-License-Identifier: MIT

import SMMFCore

/// What the system holds the processes of a command to.
public struct ProcessLimits: Sendable, Hashable {
    /// The processor cores to run on.
    public var cores: [Int]?
    /// How much to step back behind other processes, 0 to 19.
    public var niceness: Int?
    /// Bytes of data that each process may have.
    public var data: Int?
    /// The folder of a control group, made with its limits before; the guard puts the command into it and removes it.
    public var group: String?

    /// Creates limits; what is nil is not bounded.
    public init(cores: [Int]? = nil, niceness: Int? = nil, data: Int? = nil, group: String? = nil) {
        self.cores = cores
        self.niceness = niceness
        self.data = data
        self.group = group
    }

    /// The guard's options for them.
    var guardArguments: [String] {
        var arguments: [String] = []
        if let cores { arguments += ["--cores", CoreRequest.text(cores)] }
        if let niceness, niceness != 0 { arguments += ["--nice", String(niceness)] }
        if let data { arguments += ["--data-limit", String(data)] }
        if let group { arguments += ["--group", group] }
        return arguments
    }
}
