// SPDX-License-Identifier: MIT

/// How a simulated engine's program is started, what it prints, and how it ends: `smmf-sim --as NAME ARGUMENTS…` takes
/// the engine's own arguments and refuses what the engine would refuse.
public struct SimulatedProgram: Sendable {
    /// The library that reads the command line, which decides the words of a refusal.
    enum Manner: Sendable { case clap, argparse, click, cobra }

    /// What SIGTERM does.
    public enum Ending: Sendable, Hashable {
        /// Ends at once, with this status.
        case atOnce(Int32)
        /// Takes nothing new, finishes what runs, and ends with this status, or by the signal where there is none.
        case drained(Int32?)
    }

    /// A command line that the engine refuses.
    public struct Refusal: Error, Sendable, Hashable {
        /// What it prints.
        public let lines: [String]
        /// Its status.
        public let exitCode: Int32
    }

    /// A program that asks the server and ends with a status.
    public typealias Client = @Sendable (SimulatedClient) async -> Int32

    /// The name under which the engine is looked for on PATH.
    public let executable: String
    /// What stands before the flags.
    var words: [String] = []
    let manner: Manner
    /// The port without a word about one.
    let port: Int
    /// Whether one argument is the model.
    var takesSource = false
    let flags: [SimulatedFlag]
    /// Variables that the engine reads.
    var variables: [String: @Sendable (inout SimulatedLaunch, String) -> Void] = [:]
    /// What holds before anything is read.
    var prepare: @Sendable (inout SimulatedLaunch) -> Void = { _ in }
    /// What the engine calls a model by itself, from its source.
    var ownName: @Sendable (_ source: String) -> String = { $0 }
    /// What the engine refuses of settings that do not go together.
    var check: @Sendable (SimulatedLaunch) -> Refusal? = { _ in nil }
    /// What it prints while it loads, one line after the other.
    public let loading: [String]
    /// What it prints when it serves.
    public let ready: [String]
    /// What SIGTERM does.
    public let ending: Ending
    /// Further programs under the same name, by their first word.
    var clients: [String: Client] = [:]
    /// What it prints when it cannot start, by cause.
    public let failures: [SimulatedFailure]

    /// The client that these arguments start; nil where they start the server.
    public func client(_ arguments: [String]) -> Client? { arguments.first.flatMap { clients[$0] } }

    /// The address in the environment, which is where a client asks.
    public func address(environment: [String: String]) -> (host: String, port: Int) {
        var launch = SimulatedLaunch(script: SimulatorScript(), port: port)
        apply(environment, to: &launch)
        return (launch.host, launch.port)
    }

    /// Reads a command line and its environment as the engine does.
    ///
    /// `script` is how the engine behaves beyond what they say.
    public func launch(
        _ arguments: [String],
        environment: [String: String],
        script: SimulatorScript
    ) throws(Refusal) -> SimulatedLaunch {
        var launch = SimulatedLaunch(script: script, port: port)
        prepare(&launch)
        apply(environment, to: &launch)
        var rest = arguments[...]
        for word in words {
            guard rest.popFirst() == word else { throw refusal(unexpected: arguments.first ?? "") }
        }
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-"), argument.count > 1 else {
                guard takesSource, launch.source.isEmpty else { throw refusal(unexpected: argument) }
                launch.source = argument
                continue
            }
            try read(argument, &rest, into: &launch)
        }
        guard !takesSource || !launch.source.isEmpty else { throw missingSource }
        if let refusal = check(launch) { throw refusal }
        if !launch.served.isEmpty {
            launch.script.models = launch.served
        } else if !launch.source.isEmpty {
            launch.script.models = [ownName(launch.source)]
        }
        return launch
    }

    private func apply(_ environment: [String: String], to launch: inout SimulatedLaunch) {
        for (name, apply) in variables {
            if let value = environment[name] { apply(&launch, value) }
        }
    }

    private func read(
        _ argument: String,
        _ rest: inout ArraySlice<String>,
        into launch: inout SimulatedLaunch
    ) throws(Refusal) {
        let name = String(argument.prefix { $0 != "=" })
        guard let flag = flags.first(where: { $0.names.contains(name) }) else { throw refusal(unexpected: argument) }
        var values: [String] = []
        if name.count < argument.count {
            values = [String(argument.dropFirst(name.count + 1))]
        } else {
            while values.count < flag.takes.most, let next = rest.first, !next.hasPrefix("--") {
                values.append(next)
                rest.removeFirst()
            }
        }
        guard values.count >= flag.takes.least else { throw refusal(withoutValue: flag) }
        guard flag.apply(&launch, values) else { throw refusal(of: values.first ?? "", for: flag) }
    }
}
