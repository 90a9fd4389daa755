// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFBench
import SMMFConfiguration
import SMMFControlHTTP
import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Puts load on a server that speaks OpenAI's API, and measures its answers.",
        discussion: """
            Without --rate each connection sends its next request when the last one is answered, which finds how much \
            a server can do. With --rate requests are due by the clock, and latency counts from the time they were due, \
            which finds how long users wait: a server that stalls cannot slow the load down.
            """
    )

    @Option(help: "The server, http://host:port (default: the API Server of SMMF_API, or 127.0.0.1:8100).")
    var url: String?
    @Option(help: "The path of chat completions behind it.") var path = "/v1/chat/completions"
    @Option(help: "The model's name.") var model: String
    @Option(help: "The API key (default: SMMF_API_KEY, which no process list shows).") var key: String?
    @Flag(help: "Ask for streams.") var stream = false
    @Flag(inversion: .prefixedNo, help: "Ask for the usage at a stream's end.") var usage = true
    @Option(help: "The longest answer, in tokens.") var maxTokens: Int?
    @Option(help: "More members of each request, as a JSON object.") var extra: String?

    @Option(help: "A file of prompts, one on each line, as JSON strings or as plain text.") var prompts: String?
    @Option(help: "How many prompts to make up where there is no file.") var promptCount = 100
    @Option(help: "Words that all of them begin with.") var sharedWords = 0
    @Option(help: "Words that each of them has behind those.") var words = 50

    @Option(help: "Connections, each with one request at a time.") var connections = 64
    @Option(help: "Requests due each second, whatever the server does.") var rate: Double?
    @Option(help: "Seconds to measure.") var duration: Double?
    @Option(help: "Measure so many requests instead of a time.") var requests: Int?
    @Option(help: "Seconds of load before the measuring.") var warmup = 1.0
    @Option(help: "Seconds over which the connections are opened.") var ramp = 0.0
    @Option(help: "The longest that a request may take, in seconds.") var timeout = 600.0
    @Option(help: "How long requests may go on after the end, in seconds.") var grace = 10.0
    @Option(help: "Event loops, each on a thread of its own.") var loops = 1
    @Option(help: "The server's process, for its CPU and memory; may be repeated.") var pid: [Int32] = []
    @Flag(help: "Do not ask once first whether the server answers.") var noProbe = false
    @Flag(help: "Print JSON for programs.") var json = false

    func validate() throws {
        guard duration == nil || requests == nil else {
            throw ValidationError("Give --duration or --requests, not both.")
        }
    }

    func run() async throws {
        let generator = try LoadGenerator(
            plan: try plan(),
            target: try target(),
            prompts: try promptTexts(),
            meter: pid.isEmpty ? nil : try ProcessMeter(pid)
        )
        if !noProbe { try await generator.probe() }
        let report = try await generator.run()
        if json {
            Terminal.write(String(decoding: try ControlJSON.encode(report, pretty: true), as: UTF8.self) + "\n")
        } else {
            Terminal.write(report.text)
        }
        if report.succeeded == 0, report.tokensPerSecond == 0 { throw CommandFailed() }
    }

    private func plan() throws -> LoadPlan {
        var plan = LoadPlan()
        if let rate { plan.arrival = .open(perSecond: rate) }
        plan.length = try requests.map { .requests($0) } ?? .time(Self.seconds(duration ?? 10, "--duration"))
        plan.connections = connections
        plan.loops = loops
        plan.warmup = try Self.seconds(warmup, "--warmup")
        plan.ramp = try Self.seconds(ramp, "--ramp")
        plan.timeout = try Self.seconds(timeout, "--timeout")
        plan.grace = try Self.seconds(grace, "--grace")
        return plan
    }

    /// Seconds as a duration; what is no number, or could not be one, is refused before it is converted.
    private static func seconds(_ value: Double, _ field: String) throws -> Duration {
        guard value >= 0, value <= 86_400 else {
            throw SMMFError(.configuration, "\(field) must be from 0 to 86400 seconds.", field: field)
        }
        return .seconds(value)
    }

    private func target() throws -> LoadTarget {
        let environment = ProcessInfo.processInfo.environment
        var configuration = Configuration()
        try configuration.override(with: environment)
        let endpoint = try url.map { try Endpoint($0) } ?? configuration.api.endpoint()
        guard endpoint.transport == .plain else {
            throw SMMFError(.configuration, "The load generator speaks plain HTTP over TCP only.", field: "--url")
        }
        var target = LoadTarget(endpoint: endpoint, model: model)
        target.path = path
        target.key = key ?? environment["SMMF_API_KEY"]
        target.isStream = stream
        target.wantsUsage = usage
        target.maxTokens = maxTokens
        if let extra {
            guard let members = try? ControlJSON.decode([String: JSONValue].self, from: Array(extra.utf8)) else {
                throw SMMFError(.configuration, "--extra is not a JSON object.", field: "--extra")
            }
            let text = String(decoding: try ControlJSON.encode(members), as: UTF8.self)
            target.members = String(text.dropFirst().dropLast())
        }
        return target
    }

    private func promptTexts() throws -> [String] {
        guard let prompts else {
            var synthetic = SyntheticPrompts()
            synthetic.count = min(max(1, promptCount), 1_000_000)
            synthetic.sharedWords = min(max(0, sharedWords), 1_000_000)
            synthetic.ownWords = min(max(0, words), 1_000_000)
            return synthetic.make()
        }
        guard let data = FileManager.default.contents(atPath: prompts) else {
            throw SMMFError(.configuration, "The file \(prompts) cannot be read.", field: "--prompts")
        }
        let lines = data.split(separator: UInt8(ascii: "\n")).map { Array($0) }
        return try lines.enumerated().map { number, line in
            guard line.first == UInt8(ascii: "\"") else { return String(decoding: line, as: UTF8.self) }
            guard let text = try? ControlJSON.decode(String.self, from: line) else {
                throw SMMFError(
                    .configuration,
                    "\(prompts): text \(number + 1) begins with a quote and is no JSON string.",
                    field: "--prompts"
                )
            }
            return text
        }
    }
}
