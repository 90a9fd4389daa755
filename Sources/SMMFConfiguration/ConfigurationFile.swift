// SPDX-License-Identifier: MIT

public import SMMFCore
import TOMLKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads `smmf.toml`.
public enum ConfigurationFile {
    /// The configuration of a file's text, on top of the defaults.
    ///
    /// Throws ``SMMFError`` with code `configuration`, whose message starts with `file:line`.
    public static func parse(
        _ source: String,
        file: String,
        environment: [String: String]
    ) throws(SMMFError) -> Configuration {
        let document = try EnvironmentExpansion.expand(try document(source, file: file), environment)
        guard case .object(let members) = document else {
            throw SMMFError(.configuration, "\(file) is no TOML document.", field: file)
        }
        let root = ConfigurationTable(members, name: "", text: ConfigurationText(file: file, text: source))
        var configuration = Configuration()
        if let server = try root.table("server") { try readServer(server, into: &configuration) }
        if let engines = try root.table("engines") {
            for (name, table) in try engines.namedTables() {
                configuration.enginePrograms[name] = try table.string("program")
                try table.finish()
            }
        }
        for table in try root.tables("models") {
            let model = try ModelTable.read(table)
            if configuration.models.contains(where: { $0.name == model.name }) {
                throw table.error("name", "is \"\(model.name)\", which another model has already.")
            }
            configuration.models.append(model)
        }
        let prices = try root.tables("prices")
        guard prices.count <= PriceSetting.limit else {
            throw root.error("prices", "are more than \(PriceSetting.limit).")
        }
        for table in prices { configuration.prices.append(try PriceSetting(table)) }
        try root.finish()
        return configuration
    }

    /// Reads the file at `path`.
    public static func load(_ path: String, environment: [String: String]) throws(SMMFError) -> Configuration {
        let source: String
        do {
            source = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw SMMFError(
                .configuration,
                "The configuration file \(path) cannot be read.",
                field: path,
                nextStep: "Write one with: smmf config example > \(path)"
            )
        }
        return try parse(source, file: path, environment: environment)
    }

    private static func document(_ source: String, file: String) throws(SMMFError) -> JSONValue {
        do {
            let json = try TOMLTable(string: source).convert(to: .json)
            return try JSONDecoder().decode(JSONValue.self, from: Data(json.utf8))
        } catch let error as TOMLParseError {
            let place = "\(file):\(error.source.begin.line)"
            throw SMMFError(.configuration, "\(place): this is not TOML: \(error.description)", field: file)
        } catch {
            throw SMMFError(.configuration, "\(file) cannot be read: \(error)", field: file)
        }
    }

    private static func readServer(
        _ table: ConfigurationTable,
        into configuration: inout Configuration
    ) throws(SMMFError) {
        if let text = try table.string("api") { configuration.api = try ListenAddress(text, field: "server.api") }
        if let text = try table.string("control") {
            configuration.control = try ListenAddress(text, field: "server.control")
        }
        if let text = try table.string("worker") {
            configuration.worker = try ListenAddress(text, field: "server.worker")
        }
        configuration.data = try table.string("data") ?? configuration.data
        configuration.token = try table.string("token")
        configuration.tls = try listenerTLS(table)
        configuration.upstreamTLS = try upstreamTLS(table)
        configuration.corsOrigins = try corsOrigins(table)
        if let log = try table.table("access_log") { configuration.accessLog = try AccessLogSettings(log) }
        if let megabytes = try table.integer("memory_budget") {
            guard megabytes > 0, megabytes < 1 << 32 else {
                throw table.error("memory_budget", "must be a number of megabytes above 0.")
            }
            configuration.memoryBudget = megabytes
        }
        configuration.logLevel = try table.string("log_level") ?? configuration.logLevel
        try table.finish()
    }

    private static func listenerTLS(_ server: ConfigurationTable) throws(SMMFError) -> ListenerTLS? {
        guard let table = try server.table("tls") else { return nil }
        let tls = ListenerTLS(
            certificate: try table.requiredString("certificate"),
            key: try table.requiredString("key"),
            clientCA: try table.string("client_ca")
        )
        try table.finish()
        return tls
    }

    private static func upstreamTLS(_ server: ConfigurationTable) throws(SMMFError) -> UpstreamTLS {
        guard let table = try server.table("upstream_tls") else { return UpstreamTLS() }
        let hosts = try table.strings("insecure") ?? []
        for host in hosts where host.isEmpty || host.contains("/") {
            throw table.error("insecure", "has \"\(host)\"; write each as host or host:port.")
        }
        let tls = UpstreamTLS(ca: try table.string("ca"), insecure: Set(hosts))
        try table.finish()
        return tls
    }

    /// Browsers compare an origin letter by letter, so one in another form would silently never match.
    private static func corsOrigins(_ table: ConfigurationTable) throws(SMMFError) -> [String] {
        let origins = try table.strings("cors_origins") ?? []
        for origin in origins where origin != "*" && !isOrigin(origin) {
            throw table.error(
                "cors_origins",
                "has \"\(origin)\", which is no origin.",
                nextStep:
                    "Write it as browsers send it, like https://chat.example.com or http://localhost:3000, or \"*\"."
            )
        }
        return origins
    }

    private static func isOrigin(_ text: String) -> Bool {
        let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return false }
        let isScheme = parts[0].utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == 0x2D }
        let isHost = parts[1].utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"): true
            case UInt8(ascii: "["), UInt8(ascii: "]"): true
            default: false
            }
        }
        return isScheme && isHost
    }
}
