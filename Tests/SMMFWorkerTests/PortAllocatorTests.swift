// SPDX-License-Identifier: MIT

import SMMFTesting
import Synchronization
import Testing

@testable import SMMFWorker

@Suite("Free ports")
struct PortAllocatorTests {
    @Test("No port is given twice within the hold time, and all may come back after it")
    func hold() throws {
        let clock = ManualClock()
        let offers = Mutex([7001, 7001, 7002, 7001, 7002, 7003])
        let ports = PortAllocator(clock: clock, holdTime: .seconds(60)) {
            offers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        }
        #expect(ports.next() == 7001)
        clock.advance(by: .seconds(30))
        #expect(ports.next() == 7002)
        clock.advance(by: .seconds(30))
        #expect(ports.next() == 7001)
        #expect(ports.next() == 7003)
        #expect(ports.next() == nil)
    }

    @Test("A system that offers one port for ever does not hang us")
    func stubbornSystem() {
        let ports = PortAllocator(clock: ManualClock(), holdTime: .seconds(60)) { 7001 }
        #expect(ports.next() == 7001)
        #expect(ports.next() == nil)
    }

    @Test("The system's ports are distinct and real")
    func real() {
        let ports = PortAllocator(clock: ContinuousClock())
        let given = (0..<50).compactMap { _ in ports.next() }
        #expect(Set(given).count == 50)
        #expect(given.allSatisfy { (1024...65535).contains($0) })
    }

    @Test(
        "Ports lie outside the range that outgoing connections get",
        arguments: [
            (32_768...60_999, 10_000..<32_768), (10_001...40_000, 40_001..<65_536), (1_024...65_535, 10_000..<65_536),
            (49_152...65_535, 10_000..<49_152),
        ]
    )
    func range(outgoing: ClosedRange<Int>, expected: Range<Int>) {
        #expect(LoopbackPort.candidates(outside: outgoing) == expected)
    }
}
