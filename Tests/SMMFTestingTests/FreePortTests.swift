// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct FreePortTests {
    @Test func `ports are free and not given twice`() throws {
        let ports = try (0..<50).map { _ in try FreePort.next() }
        #expect(Set(ports).count == 50)
        #expect(ports.allSatisfy { (1...65_535).contains($0) })
    }

    @Test func `somebody can listen there`() async throws {
        let port = try FreePort.next()
        let engine = try await SimulatedEngine.start(port: port)
        #expect(engine.port == port)
        await engine.stop()
    }
}
