// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFTesting

/// The flags that are settings of the simulated engine: `--NAME VALUE`, `--NAME=VALUE`, or `--NAME` alone for true.
struct SettingArguments {
    private let pairs: [(name: String, value: String)]

    init(_ arguments: [String]) throws {
        var pairs: [(name: String, value: String)] = []
        var rest = arguments[...]
        while let flag = rest.popFirst() {
            guard flag.hasPrefix("--") else { throw ValidationError("\"\(flag)\" belongs to no flag.") }
            let name = flag.dropFirst(2).prefix { $0 != "=" }
            if name.count < flag.count - 2 {
                pairs.append((String(name), String(flag.dropFirst(name.count + 3))))
            } else if let value = rest.first, !value.hasPrefix("--") {
                pairs.append((String(name), value))
                rest.removeFirst()
            } else {
                pairs.append((String(name), "true"))
            }
        }
        self.pairs = pairs
    }

    /// The script they describe.
    func script() throws -> SimulatorScript {
        var script = SimulatorScript()
        for (name, value) in pairs {
            do {
                try script.set(name, to: value)
            } catch {
                throw ValidationError(error.description)
            }
        }
        return script
    }

    /// The settings with their meanings, for `--help`.
    static var help: String {
        let width = SimulatorSetting.all.map(\.name.count).max() ?? 0
        let lines = SimulatorSetting.all.map { setting in
            let padding = String(repeating: " ", count: width - setting.name.count)
            return "  --\(setting.name)\(padding)  \(setting.meaning)"
        }
        return """
            Prints "listening on HOST:PORT" when it does. SETTINGs, which are also the members of POST /sim/script and, \
            as x-sim-SETTING headers, what one generating request may ask for:

            \(lines.joined(separator: "\n"))

            GET /sim/stats shows the counts, POST /sim/release lets held requests go on, GET /sim/requests shows \
            recorded requests.
            """
    }
}
