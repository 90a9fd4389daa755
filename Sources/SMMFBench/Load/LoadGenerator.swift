// SPDX-License-Identifier: MIT

import NIOCore
import NIOPosix
public import SMMFCore
import SMMFWire

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Puts load on a server that speaks OpenAI's API, and measures how it answers.
public struct LoadGenerator: Sendable {
    private let plan: LoadPlan
    private let target: LoadTarget
    private let requests: [ByteBuffer]
    private let address: SocketAddress
    private let meter: ProcessMeter?

    /// Prepares everything that can be before the load begins.
    ///
    /// Throws ``SMMFError`` about options that cannot be, and when the target's host has no address.
    public init(plan: LoadPlan, target: LoadTarget, prompts: [String], meter: ProcessMeter? = nil) throws(SMMFError) {
        try plan.validate()
        self.plan = plan
        self.target = target
        self.meter = meter
        requests = try target.requests(prompts).map { ByteBuffer(bytes: $0) }
        do {
            address = try SocketAddress.makeAddressResolvingHost(target.endpoint.host, port: target.endpoint.port)
        } catch {
            throw SMMFError(.unavailable, "The host \(target.endpoint.host) has no address.", field: "--url")
        }
        try Self.allowFiles(plan.connections + 64)
    }

    /// Sends one request and throws ``SMMFError`` that says what is wrong when its answer is not good: a wrong key or
    /// name should not cost a whole run.
    public func probe() async throws {
        var plan = plan
        plan.arrival = .closed
        plan.length = .requests(1)
        plan.connections = 1
        plan.loops = 1
        plan.warmup = .zero
        plan.ramp = .zero
        plan.grace = .zero
        let tally = try await run(plan, LoadWindow(nil))
        guard let failure = tally.failures.keys.first else { return }
        let sample = LoadReport.text(tally.sample)
        throw SMMFError(
            .upstreamFailed,
            "\(target.endpoint) does not answer well: \(failure.name)\(sample.isEmpty ? "" : ", \(sample)").",
            nextStep: "Look at --url, --model and --key, and whether the server runs."
        )
    }

    /// Runs the plan and returns what was measured.
    public func run() async throws -> LoadReport {
        let window = LoadWindow(meter)
        let tally = try await run(plan, window)
        return LoadReport(tally, plan: plan, target: target, server: window.both())
    }

    private func run(_ plan: LoadPlan, _ window: LoadWindow) async throws -> LoadTally {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: plan.loops)
        let setup = LoadSetup(
            plan: plan,
            isStream: target.isStream,
            address: address,
            requests: requests,
            atWindow: { window.note($0) }
        )
        let start = LoadLoop.now() + 10_000_000
        do {
            var tally = LoadTally()
            let futures = group.makeIterator().enumerated().map { index, eventLoop in
                eventLoop.flatSubmit { LoadLoop(eventLoop, setup, index: index).run(from: start) }
            }
            for future in futures { tally.add(try await future.get()) }
            try await group.shutdownGracefully()
            return tally
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// Raises the limit on open files as far as this user may.
    private static func allowFiles(_ count: Int) throws(SMMFError) {
        var limit = rlimit()
        #if canImport(Darwin)
        let resource = RLIMIT_NOFILE
        #else
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #endif
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < UInt(count) else { return }
        limit.rlim_cur = min(limit.rlim_max, rlim_t(count))
        guard setrlimit(resource, &limit) == 0, limit.rlim_cur >= UInt(count) else {
            throw SMMFError(
                .configuration,
                "This process may open \(limit.rlim_max) files, too few for the connections asked for.",
                field: "--connections",
                nextStep: "Ask for fewer, or raise the limit with ulimit -n."
            )
        }
    }
}
