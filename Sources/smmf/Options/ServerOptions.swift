// SPDX-License-Identifier: MIT

import ArgumentParser
import Logging
import SMMFAssembly
import SMMFConfiguration
import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The flags of commands that serve.
struct ServerOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The configuration file. Without it ./smmf.toml is read where there is one.")
    var config: String?

    @Option(help: "The API Server's address, host:port or unix:/path.")
    var api: String?

    @Option(help: "The controller's address, host:port.")
    var control: String?

    @Option(help: "The worker's address, host:port.")
    var worker: String?

    @Option(help: "The data folder.")
    var data: String?

    @Option(help: "The least severe messages to log: trace, debug, info, notice, warning, error, critical.")
    var logLevel: String?

    /// The configuration file that is read, if there is one.
    var file: String? { config ?? (FileManager.default.fileExists(atPath: "smmf.toml") ? "smmf.toml" : nil) }

    /// The configuration of file, environment and flags, checked.
    func configuration() throws -> Configuration {
        let environment = ProcessInfo.processInfo.environment
        var configuration = Configuration()
        if let file {
            configuration = try ConfigurationFile.load(file, environment: environment)
        }
        try configuration.override(with: environment)
        if let api { configuration.api = try ListenAddress(api, field: "--api") }
        if let control { configuration.control = try ListenAddress(control, field: "--control") }
        if let worker { configuration.worker = try ListenAddress(worker, field: "--worker") }
        configuration.data = data ?? configuration.data
        configuration.logLevel = logLevel ?? configuration.logLevel
        configuration.expandHome(environment)
        configuration.makeDataAbsolute(in: FileManager.default.currentDirectoryPath)
        configuration.resolveSources(in: Self.folder(of: config ?? "smmf.toml"))
        configuration.resolveTLSFiles(in: Self.folder(of: config ?? "smmf.toml"))
        guard Logger.Level(rawValue: configuration.logLevel) != nil else {
            throw SMMFError(
                .configuration,
                "log_level is \"\(configuration.logLevel)\", which is no level.",
                field: "server.log_level",
                nextStep: "Levels are trace, debug, info, notice, warning, error and critical."
            )
        }
        return configuration
    }

    /// The folder that a file's relative sources are meant from.
    private static func folder(of file: String) -> String {
        let path = file.hasPrefix("/") ? file : "\(FileManager.default.currentDirectoryPath)/\(file)"
        return path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    }

    /// A host for the roles, with its logger.
    func host() throws -> Host { try host(configuration()) }

    /// A host for the roles with this configuration.
    func host(_ configuration: Configuration) throws -> Host {
        try configuration.validateExposure()
        var logger = Logger(label: "smmf") { label in StreamLogHandler.standardError(label: label) }
        logger.logLevel = Logger.Level(rawValue: configuration.logLevel) ?? .notice
        return Host(configuration: configuration, guardProgram: Self.guardProgram, logger: logger)
    }

    /// This program, under the name that makes it a guard.
    static var guardProgram: [String] {
        [
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0],
            "__guard",
        ]
    }
}
