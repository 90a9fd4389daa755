// SPDX-License-Identifier: MIT

import Logging
import NIOCore
import NIOPosix
import SMMFCore
import SMMFRelay
import SMMFTesting
import Testing

@Suite struct ListeningTests {
    /// Listeners share their port among the loops of one server; another server must not slip in between.
    @Test func aPortThatIsTakenIsRefused() async throws {
        func server(_ port: Int) -> RelayServer {
            RelayServer(
                configuration: RelayConfiguration(port: port),
                operations: TestRelay.operations,
                localRoutes: TestRelay.localRoutes,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
        }
        let first = server(try FreePort.next())
        let port = try await first.start().port
        let error = await #expect(throws: SMMFError.self) { try await server(port).start() }
        #expect(error?.code == .conflict && error?.message.contains("the port is taken") == true)
        await first.drain(deadline: .zero)
        let again = server(port)
        #expect(try await again.start().port == port)
        await again.drain(deadline: .zero)
    }
}
