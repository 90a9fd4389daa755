// SPDX-License-Identifier: MIT

/// What an engine's command line and environment say.
public struct SimulatedLaunch: Sendable {
    /// How the engine behaves.
    public var script: SimulatorScript
    /// Where it listens.
    public var host = "127.0.0.1"
    public var port: Int
    /// The model's file, folder or repository; empty where the engine is not told one.
    public var source = ""
    /// The names that the model shall have.
    var served: [String] = []
    /// Numbers that are only checked against each other.
    var numbers: [String: Int] = [:]

    init(script: SimulatorScript, port: Int) {
        self.script = script
        self.port = port
    }
}
