// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFTesting

/// The start of played providers: `--provider NAME` with `--key KEY` and `--fault NAME`, each as often as wanted.
struct ProviderStart {
    private let names: [String]
    private let keys: [String]
    private let fault: PlayedFault?

    /// Reads the flags; throws what to write instead.
    init(_ names: [String], arguments: [String]) throws {
        let known = PlayedProvider.all.map(\.name)
        self.names = names == ["all"] ? known : names
        for name in self.names where !known.contains(name) {
            throw ValidationError(
                "There is no provider \(name) here; there are \(known.joined(separator: ", ")), or all."
            )
        }
        var (keys, fault) = ([String](), PlayedFault?.none)
        var rest = arguments[...]
        while let flag = rest.popFirst() {
            guard let value = rest.popFirst() else { throw ValidationError("\(flag) needs a value.") }
            switch flag {
            case "--key": keys.append(value)
            case "--fault":
                guard let known = PlayedFault(rawValue: value) else {
                    let faults = PlayedFault.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("There is no fault \(value); there are \(faults).")
                }
                fault = known
            default: throw ValidationError("With --provider there are --key and --fault, and no \(flag).")
            }
        }
        (self.keys, self.fault) = (keys, fault)
    }

    /// Plays them until the process is ended; prints for each where it listens and what its base URL is.
    func serve(host: String, port: Int) async throws {
        var playing: [SimulatedProvider] = []
        for name in names {
            guard let provider = SimulatedProvider(name, keys: keys, fault: fault, host: host, port: port) else {
                continue
            }
            try await provider.start()
            playing.append(provider)
            SimulatorProcess.say("provider \(name) \(provider.baseURL)", on: .output)
        }
        if let last = playing.last { SimulatorProcess.say("listening on \(host):\(last.port)", on: .output) }
        try await SimulatorProcess.rest()
    }
}
