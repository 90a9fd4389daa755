// SPDX-License-Identifier: MIT

/// An adapter to an inference framework that SMMF starts. All values: it plans and reads, the worker acts.
public protocol Engine: Sendable {
    /// The name in configuration and on the command line, such as `llama.cpp`.
    var name: String { get }
    /// How to have it on this machine: installable sets and the programs to look for.
    var distribution: EngineDistribution { get }
    /// The process to start for an assignment, or the failure that makes it impossible.
    func plan(_ launch: EngineLaunch) throws(InstanceFailure) -> LaunchPlan
    /// What an output line says about loading; nil for most lines.
    func progress(in line: String) -> LoadingProgress?
    /// Why the process ended, from its last output lines, oldest first, and its status; nil when they do not tell.
    func failure(in lines: [String], exit: ProcessExit) -> InstanceFailure?
    /// The load from the text that ``LaunchPlan/loadPath`` answered; nil when it cannot be read.
    func load(from text: String) -> LoadRecord?
}
