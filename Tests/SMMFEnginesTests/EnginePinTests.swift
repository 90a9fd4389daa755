// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFEngines
import Testing

@Suite("Pinned sets")
struct EnginePinTests {
    static let engines: [any Engine] = [LlamaCppEngine(), MLXEngine(), TransformersEngine(), InfinityEngine()]

    @Test("have every package of the engine in its version, and digests of every file", arguments: engines.indices)
    func sets(index: Int) {
        let distribution = Self.engines[index].distribution
        let lines = distribution.pins.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(!lines.isEmpty)
        for line in lines {
            let digests = line.split(separator: " ").filter { $0.hasPrefix("--hash=") }
            #expect(line.contains("==") && !digests.isEmpty, "\(line)")
            #expect(digests.allSatisfy { $0.utf8.count == "--hash=sha256:".utf8.count + 64 }, "\(line)")
        }
        for package in distribution.pythonPackages {
            let extras = package.split(separator: "[").first.map(String.init) ?? package
            let name = extras.split(separator: "=").first ?? ""
            let version = package.split(separator: "=").last ?? ""
            let isThere = lines.contains { $0.hasPrefix("\(name)==\(version) ") }
            #expect(isThere, "tools/pin-engines has not been run since \(package) changed")
        }
    }
}
