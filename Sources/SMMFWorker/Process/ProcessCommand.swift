// SPDX-License-Identifier: MIT

/// What to run: a program and its arguments, with variables added to the environment that SMMF itself has.
public struct ProcessCommand: Sendable, Hashable {
    /// The program, by path or by a name on PATH, then its arguments.
    public var arguments: [String]
    /// Variables to add or replace. Variables of SMMF's own (`SMMF_…`) are never passed on unless they stand here.
    public var environment: [String: String]
    /// The folder to run in; the present one when nil.
    public var workingFolder: String?
    /// What its processes are held to.
    public var limits = ProcessLimits()

    /// Creates a command.
    public init(arguments: [String], environment: [String: String] = [:], workingFolder: String? = nil) {
        self.arguments = arguments
        self.environment = environment
        self.workingFolder = workingFolder
    }
}
