// SPDX-License-Identifier: MIT

import Logging
import NIOCore
import NIOPosix
import SMMFCore
import SMMFRelay
import SMMFTesting
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Unix sockets on both sides of the relay.
@Suite struct UnixSocketTests {
    @Test func bothSidesSpeakOverSockets() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("api.sock")
        let upstream = try await ScriptedUpstream(socket: folder.file("engine.sock")) {
            $0.send(UpstreamExchange.json(#"{"choices":[]}"#))
        }
        try await withRelay(loops: 2) {
            $0.socket = path
        } _: { relay in
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o660)
            try await relay.publish(endpoint: Endpoint(socket: folder.file("engine.sock"), path: "/base"))
            for _ in 0..<8 {
                let client = try await RawClient.connect(0, socket: path)
                try await client.chat()
                #expect(try await client.answer().content == #"{"choices":[]}"#)
                try await client.close()
            }
            try await relay.settle()
            #expect(await relay.traffic.completed == 8)
        }
        #expect(access(path, F_OK) != 0, "the socket is still there")
        withExtendedLifetime(upstream) {}
    }

    @Test func theHostFieldAndThePathOfASocket() async throws {
        let folder = try TemporaryFolder()
        let upstream = try await ScriptedUpstream(socket: folder.file("e.sock"))
        try await withRelay { relay in
            try await relay.publish(endpoint: Endpoint(socket: folder.file("e.sock"), path: "/base"))
            let client = try await relay.connect()
            try await client.chat()
            let exchange = try await upstream.next()
            #expect(exchange.head.hasPrefix("POST /base/v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n"))
            exchange.send(UpstreamExchange.json("{}"))
            #expect(try await client.answer().status == 200)
        }
    }

    @Test func aSocketThatIsNotThereIsSaidSo() async throws {
        let folder = try TemporaryFolder()
        try await withRelay { relay in
            try await relay.publish(endpoint: Endpoint(socket: folder.file("none.sock")))
            let client = try await relay.connect()
            try await client.chat()
            let answer = try await client.answer()
            #expect(answer.status == 502 && answer.content.contains("there is no such socket"), "\(answer.content)")
            try await relay.settle()
        }
    }

    private func server(_ path: String) -> RelayServer {
        var configuration = RelayConfiguration(port: 0)
        configuration.loops = 1
        configuration.socket = path
        return RelayServer(
            configuration: configuration,
            operations: TestRelay.operations,
            localRoutes: TestRelay.localRoutes,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    @Test func aSocketInUseIsRefusedAndAStaleOneReplaced() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("api.sock")
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(unixDomainSocketPath: path).get()
        let taken = await #expect(throws: SMMFError.self) { try await server(path).start() }
        #expect(taken?.code == .conflict && taken?.message.contains("another program listens there") == true)
        // Its file stays when the listener goes, as after a kill.
        try await listener.close()
        if access(path, F_OK) != 0 { try makeStale(path) }
        let next = server(path)
        _ = try await next.start()
        let client = try await RawClient.connect(0, socket: path)
        try await client.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try await client.answer().status == 200)
        await next.drain(deadline: .zero)
        #expect(access(path, F_OK) != 0)
    }

    /// Leaves a socket behind that nobody listens on.
    private func makeStale(_ path: String) throws {
        #if canImport(Glibc)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #else
        let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
        #endif
        let address = try SocketAddress(unixDomainSocketPath: path)
        #expect(address.withSockAddr { bind(descriptor, $0, socklen_t($1)) } == 0)
        close(descriptor)
    }

    @Test func aFileOfAnotherKindIsLeftAlone() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("mine", to: "api.sock")
        let error = await #expect(throws: SMMFError.self) { try await server(path).start() }
        #expect(error?.field == "server.api" && error?.message.contains("a file of another kind") == true)
        #expect(access(path, F_OK) == 0)
    }
}
