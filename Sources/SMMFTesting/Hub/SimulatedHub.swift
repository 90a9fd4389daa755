// SPDX-License-Identifier: MIT

import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Hugging Face and ModelScope on a loopback port, and on another one the storage that they redirect to for large files;
/// right by the hubs' own Python clients, and wrong on request. It uses none of SMMF's code.
public final class SimulatedHub: Sendable {
    struct State: Sendable {
        var pages: HubPages
        /// What goes wrong with the next answers that would have a file's bytes, by the file's path.
        var faults: [String: [HubFault]] = [:]
        var requests: [HubRequest] = []
        var channels: [ObjectIdentifier: any Channel] = [:]
        var stalled = 0
    }

    private static let recordLimit = 10_000

    let room: WaitRoom<State>
    private let listeners: Mutex<[any Channel]> = Mutex([])

    private init(_ repositories: [HubRepository], token: String?) {
        let named = Dictionary(repositories.map { ($0.name, $0) }) { _, last in last }
        room = WaitRoom(State(pages: HubPages(repositories: named, token: token)), limit: 64)
    }

    /// Starts a hub with these repositories; `token` opens what is not open. Throws what binding a port threw.
    public static func start(_ repositories: [HubRepository], token: String? = nil) async throws -> SimulatedHub {
        let hub = SimulatedHub(repositories, token: token)
        for isStorage in [false, true] {
            let channel = try await hub.bootstrap(isStorage: isStorage).bind(host: "127.0.0.1", port: 0).get()
            hub.listeners.withLock { $0.append(channel) }
        }
        let storage = hub.address(1)
        hub.room.change { $0.pages.storage = storage }
        return hub
    }

    /// Runs `body` with a hub that is stopped afterwards, whatever happens.
    public static func running<Result: Sendable>(
        _ repositories: [HubRepository],
        token: String? = nil,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (SimulatedHub) async throws -> Result
    ) async throws -> Result {
        let hub = try await start(repositories, token: token)
        do {
            let result = try await body(hub)
            await hub.stop()
            return result
        } catch {
            await hub.stop()
            throw error
        }
    }

    /// Closes the ports and all connections.
    public func stop() async {
        for channel in listeners.withLock({ $0 }) { try? await channel.close() }
        for channel in room.change({ Array($0.channels.values) }) { try? await channel.close() }
    }

    /// `http://HOST:PORT`, for `HF_ENDPOINT` and `MODELSCOPE_ENDPOINT`.
    public var endpoint: String { address(0) }

    private func address(_ index: Int) -> String {
        "http://127.0.0.1:\(listeners.withLock { $0[index].localAddress?.port ?? 0 })"
    }

    /// Changes what a repository has, from the next request on.
    public func update(_ name: String, _ change: (inout HubRepository) -> Void) {
        room.change { state in
            guard var repository = state.pages.repositories[name] else { return }
            change(&repository)
            state.pages.repositories[name] = repository
        }
    }

    /// Puts names into the listings that no file has.
    public func list(strange names: [String]) { room.change { $0.pages.strangeNames = names } }

    /// Lets the next answers with bytes of a file go wrong, one after the other; an empty path is any listing.
    public func fail(_ path: String, _ faults: [HubFault]) { room.change { $0.faults[path, default: []] += faults } }

    /// The requests so far, the oldest first.
    public var requests: [HubRequest] { room.change { $0.requests } }

    /// Returns when so many answers have stalled.
    public func stalled(_ count: Int) async throws { try await room.wait { $0.stalled >= count } }

    func answer(_ request: HubRequest) -> HubAnswer {
        room.change { state in
            if state.requests.count < Self.recordLimit { state.requests.append(request) }
            var answer = state.pages.answer(request)
            guard [200, 206, 416].contains(answer.status), let fault = state.faults[state.path(of: request)]?.first
            else { return answer }
            state.faults[state.path(of: request)]?.removeFirst()
            answer.fault = fault
            switch fault {
            case .status(let status, let after):
                answer = HubAnswer(status: status, fields: after.map { ["retry-after": "\($0)"] } ?? [:])
            case .ignoreRange:
                var whole = request
                whole.fields["range"] = nil
                answer = state.pages.answer(whole)
            case .wrongByte:
                if let last = answer.body.indices.last { answer.body[last] ^= 1 }
            case .stall: state.stalled += 1
            case .cut: break
            }
            return answer
        }
    }

    private func bootstrap(isStorage: Bool) -> ServerBootstrap {
        ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(HubConnection(hub: self, isStorage: isStorage))
                }
            }
    }
}

extension SimulatedHub.State {
    /// The file whose bytes a request asks for; nothing for a listing.
    func path(of request: HubRequest) -> String {
        for repository in pages.repositories.values {
            for (path, file) in repository.files {
                if request.isToStorage ? request.uri.contains(file.sha256) : Self.names(request.uri, path) {
                    return path
                }
            }
        }
        return ""
    }

    private static func names(_ uri: String, _ path: String) -> Bool {
        let escaped = path.replacing("/", with: "%2F")
        return uri.contains("/resolve/") && uri.hasSuffix("/\(path)")
            || uri.contains("FilePath=\(escaped)") || uri.contains("FilePath=\(path)")
    }
}
