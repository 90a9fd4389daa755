// SPDX-License-Identifier: MIT

#if os(Linux)
import CSMMFSystem
import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import SMMFCore

/// A loop on bare epoll: Linux, plain HTTP/1.1, and the cheapest way to relay.
final class EpollDriver: LoopDriver {
    private let loop: EpollLoop

    /// Creates a loop and its thread; its links stop being writable at `highWater` bytes.
    init(highWater: Int) throws(SystemCallError) {
        loop = try EpollLoop(highWater: highWater)
        let loop = self.loop
        var thread = pthread_t()
        let box = Unmanaged.passRetained(loop)
        let number = pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument else { return nil }
                smmf_name_thread("smmf-relay")
                Unmanaged<EpollLoop>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            box.toOpaque()
        )
        guard number == 0 else {
            box.release()
            throw SystemCallError(call: "pthread_create", number: number)
        }
        pthread_detach(thread)
    }

    var now: NIODeadline { loop.now }

    func execute(_ task: @escaping @Sendable () -> Void) -> Bool { loop.execute(task) }

    func startTicking(every interval: TimeAmount, _ tick: @escaping () -> Void) {
        loop.startTicking(every: interval, tick)
    }

    func listen(
        host: String,
        port: Int,
        _ makeOwner: @escaping @Sendable () -> any LinkOwner
    ) async throws -> Int {
        let addresses = try await HostAddresses.resolve(host, port)
        guard let address = addresses.first else { throw SystemCallError(call: "bind", number: EADDRNOTAVAIL) }
        let descriptor = try SystemCallError.check("socket", smmf_socket(address.protocol.rawValue))
        do throws(SystemCallError) {
            var on: Int32 = 1
            let size = socklen_t(MemoryLayout<Int32>.size)
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size)
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, size)
            _ = try SystemCallError.check("bind", address.withSockAddr { bind(descriptor, $0, socklen_t($1)) })
            _ = try SystemCallError.check("listen", Glibc.listen(descriptor, ListenSocket.backlog))
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        let taken = Int(try SystemCallError.check("getsockname", smmf_port(descriptor)))
        await listen(on: descriptor, makeOwner)
        return taken
    }

    func listen(on descriptor: Int32, _ makeOwner: @escaping @Sendable () -> any LinkOwner) async {
        let loop = self.loop
        loop.execute { loop.startListening(on: descriptor, makeOwner) }
    }

    func stopListening() async {
        await withCheckedContinuation { continuation in
            let loop = self.loop
            let isTaken = loop.execute {
                loop.closeListener()
                continuation.resume()
            }
            if !isTaken { continuation.resume() }
        }
    }

    func connect(
        to endpoint: Endpoint,
        securedBy handler: NIOSSLClientHandler?,
        within limit: Duration,
        for owner: any LinkOwner
    ) {
        let deadline = NIODeadline.now() + TimeAmount(limit)
        let loop = self.loop
        let owner = handler.map { TLSLink($0, host: endpoint.host, until: deadline, loop, owner) } ?? owner
        if case .unix(let path) = endpoint.transport {
            let addresses = (try? SocketAddress(unixDomainSocketPath: path)).map { [$0] } ?? []
            return SocketLink.connect(to: addresses[...], until: deadline, loop, owner)
        }
        if let address = try? SocketAddress(ipAddress: endpoint.host, port: endpoint.port) {
            return SocketLink.connect(to: [address], until: deadline, loop, owner)
        }
        let bound = OnLoop(owner)
        Task {
            let addresses = (try? await HostAddresses.resolve(endpoint.host, endpoint.port)) ?? []
            loop.execute { SocketLink.connect(to: addresses[...], until: deadline, loop, bound.value) }
        }
    }

    func end() async {
        await withCheckedContinuation { continuation in
            let loop = self.loop
            let isTaken = loop.execute {
                loop.stop()
                continuation.resume()
            }
            if !isTaken { continuation.resume() }
        }
    }
}
#endif
