// SPDX-License-Identifier: MIT

import ArgumentParser
import SMMFConfiguration
import SMMFControlHTTP
import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The flags of commands that talk to a running controller.
struct ControlOptions: ParsableArguments {
    @Option(help: "The controller's address, host:port (default: SMMF_CONTROL or 127.0.0.1:8000).")
    var control: String?

    @Option(help: "The control plane's token (default: SMMF_TOKEN).")
    var token: String?

    @Flag(help: "Print JSON for programs.")
    var json = false

    /// Runs `body` with a client and ends the client afterwards.
    func withClient<Value>(_ body: (ControlClient) async throws -> Value) async throws -> Value {
        var configuration = Configuration()
        try configuration.override(with: ProcessInfo.processInfo.environment)
        let address = try control.map { try ListenAddress($0, field: "--control") } ?? configuration.control
        let http = SharedHTTP()
        let client = ControlClient(
            base: Endpoint(host: address.host, port: address.port),
            token: token ?? configuration.token,
            http: http
        )
        do {
            return try await body(client)
        } catch let error as SMMFError where error.code == .unavailable && error.blame == .gateway {
            throw SMMFError(
                .unavailable,
                "No controller answers at \(address).",
                nextStep: "Start one with smmf serve, or name its address with --control."
            )
        }
    }

    /// Prints a value as JSON for programs.
    func printJSON(_ value: some Encodable) throws {
        Terminal.write(String(decoding: try ControlJSON.encode(value, pretty: true), as: UTF8.self) + "\n")
    }
}
