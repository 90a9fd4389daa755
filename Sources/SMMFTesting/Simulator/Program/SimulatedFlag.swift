// SPDX-License-Identifier: MIT

/// One flag of an engine's command line, and what it does to a simulated one.
struct SimulatedFlag: Sendable {
    /// How many values follow it.
    enum Takes: Sendable {
        case nothing, one, oneOrNothing, many

        var least: Int { self == .one ? 1 : 0 }

        var most: Int {
            switch self {
            case .nothing: 0
            case .one, .oneOrNothing: 1
            case .many: .max
            }
        }
    }

    /// All spellings, with their dashes.
    let names: [String]
    var takes = Takes.one
    /// Takes the values; false for one that the engine does not take.
    let apply: @Sendable (inout SimulatedLaunch, [String]) -> Bool

    // MARK: What every engine has

    static func source(_ names: String...) -> SimulatedFlag { text(names) { $0.source = $1 } }
    static func host(_ names: String...) -> SimulatedFlag { text(names) { $0.host = $1 } }
    static func key(_ names: String...) -> SimulatedFlag { text(names) { $0.script.apiKey = $1 } }
    static func served(_ names: String...) -> SimulatedFlag { text(names) { $0.served = [$1] } }

    static func port(_ names: String...) -> SimulatedFlag {
        SimulatedFlag(names: names) { launch, values in
            guard let port = Int(values[0]), (0...65_535).contains(port) else { return false }
            launch.port = port
            return true
        }
    }

    // MARK: Kinds of values

    /// Flags that take a value which changes nothing here.
    static func value(_ names: String...) -> SimulatedFlag { text(names) { _, _ in } }

    /// Flags without a value which change nothing here.
    static func flag(_ names: String...) -> SimulatedFlag {
        SimulatedFlag(names: names, takes: .nothing) { _, _ in true }
    }

    /// A whole number from 0.
    static func number(
        _ names: String...,
        then apply: @escaping @Sendable (inout SimulatedLaunch, Int) -> Void = { _, _ in }
    ) -> SimulatedFlag {
        SimulatedFlag(names: names) { launch, values in
            guard let number = Int(values[0]), number >= 0 else { return false }
            apply(&launch, number)
            return true
        }
    }

    /// One of a few words.
    static func choice(_ name: String, _ words: [String]) -> SimulatedFlag {
        SimulatedFlag(names: [name]) { _, values in words.contains(values[0]) }
    }

    private static func text(
        _ names: [String],
        _ apply: @escaping @Sendable (inout SimulatedLaunch, String) -> Void
    ) -> SimulatedFlag {
        SimulatedFlag(names: names) { launch, values in
            apply(&launch, values[0])
            return true
        }
    }
}
