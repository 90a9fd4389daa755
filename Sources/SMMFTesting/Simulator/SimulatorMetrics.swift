// SPDX-License-Identifier: MIT

/// A simulated engine's numbers in Prometheus' text format, under the names of its dialect.
struct SimulatorMetrics: Sendable {
    /// One number: its name, its type, and how it is counted.
    struct Number: Sendable {
        let name: String
        let type: String
        /// More labels of this number, as `err="generation"`.
        var labels = ""
        let value: @Sendable (SimulatorScript, SimulatorStats) -> Double
    }

    /// Where they stand.
    var path = "/metrics"
    /// What stands before every name.
    var prefix = ""
    /// The labels of every number, as `model_name="m"`.
    var labels: @Sendable (SimulatorScript) -> String = { _ in "" }
    let numbers: [Number]
    /// What the page answers where the numbers are off.
    var whenOff = SimulatorError(404, "File Not Found")

    func text(_ script: SimulatorScript, _ stats: SimulatorStats) -> String {
        let common = labels(script)
        return numbers.map { number in
            let all = [common, number.labels].filter { !$0.isEmpty }.joined(separator: ",")
            let value = number.value(script, stats)
            let digits = value == value.rounded() ? "\(Int(value))" : "\(value)"
            let name = prefix + number.name
            return "# HELP \(name) simulated\n# TYPE \(name) \(number.type)\n"
                + "\(name)\(all.isEmpty ? "" : "{\(all)}") \(digits)\n"
        }.joined()
    }

    static func gauge(_ name: String, _ value: @escaping @Sendable (SimulatorStats) -> Int) -> Number {
        Number(name: name, type: "gauge") { Double(value($1)) }
    }

    static func counter(
        _ name: String,
        labels: String = "",
        _ value: @escaping @Sendable (SimulatorStats) -> Int
    ) -> Number {
        Number(name: name, type: "counter", labels: labels) { Double(value($1)) }
    }

    /// The part of the slots that is in use, as the use of a cache that each request takes an equal part of.
    static func cacheUse(_ name: String) -> Number {
        Number(name: name, type: "gauge") { script, stats in Double(stats.active) / Double(script.slots) }
    }
}
