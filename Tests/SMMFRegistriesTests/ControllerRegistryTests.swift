// SPDX-License-Identifier: MIT

import Logging
import SMMFControlHTTP
import SMMFCore
import SMMFRegistries
import SMMFTesting
import Testing

/// The registry laws again, through a real HTTP server and client.
@Suite("Registry of a controller")
struct ControllerRegistryTests {
    @Test("the laws hold across HTTP")
    func laws() async throws {
        let http = SharedHTTP()
        await withTaskGroup(of: Void.self) { group in
            let laws = RegistryLaws { clock in
                let (ports, report) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
                servers.yield(
                    ControlServer(
                        routes: RegistryAPI.routes(MemoryRegistry(clock: clock), revealsSecrets: true),
                        address: ListenAddress(port: 0),
                        token: "secret",
                        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                    ) { report.yield($0) }
                )
                let port = try #require(await ports.first { _ in true })
                let base = Endpoint(host: "127.0.0.1", port: port)
                return ControllerRegistry(client: ControlClient(base: base, token: "secret", http: http))
            }
            group.addTask {
                await withDiscardingTaskGroup { running in
                    for await server in starting { running.addTask { try? await server.run() } }
                    running.cancelAll()
                }
            }
            for law in laws.all {
                do {
                    try await law.check()
                } catch {
                    Issue.record("\(law.name): \(error)")
                }
            }
            servers.finish()
            group.cancelAll()
        }
    }

    private let starting: AsyncStream<ControlServer>
    private let servers: AsyncStream<ControlServer>.Continuation

    init() {
        (starting, servers) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(32))
    }
}
