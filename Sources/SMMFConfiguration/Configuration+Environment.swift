// SPDX-License-Identifier: MIT

public import SMMFCore

extension Configuration {
    /// The environment variables that override the file, with what they set.
    public static let variables: [(name: String, meaning: String)] = [
        ("SMMF_API", "server.api"), ("SMMF_CONTROL", "server.control"), ("SMMF_WORKER", "server.worker"),
        ("SMMF_DATA", "server.data"), ("SMMF_TOKEN", "server.token"), ("SMMF_LOG_LEVEL", "server.log_level"),
    ]

    /// Lets set variables override what the file said.
    public mutating func override(with environment: [String: String]) throws(SMMFError) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let text = value("SMMF_API") { api = try ListenAddress(text, field: "SMMF_API") }
        if let text = value("SMMF_CONTROL") { control = try ListenAddress(text, field: "SMMF_CONTROL") }
        if let text = value("SMMF_WORKER") { worker = try ListenAddress(text, field: "SMMF_WORKER") }
        data = value("SMMF_DATA") ?? data
        token = value("SMMF_TOKEN") ?? token
        logLevel = value("SMMF_LOG_LEVEL") ?? logLevel
    }

    /// Replaces a leading `~` by the home directory.
    public mutating func expandHome(_ environment: [String: String]) {
        guard let home = environment["HOME"] else { return }
        if data == "~" || data.hasPrefix("~/") { data = home + data.dropFirst() }
        expandAccessLog(home)
    }

    /// Replaces a leading `~` of the access log's path as well.
    mutating func expandAccessLog(_ home: String) {
        guard let path = accessLog?.path, path.hasPrefix("~/") else { return }
        accessLog?.path = home + path.dropFirst()
    }

    /// Makes a relative data folder absolute: environments of engines know their own paths.
    public mutating func makeDataAbsolute(in folder: String) {
        if !data.hasPrefix("/") { data = "\(folder)/\(data)" }
    }
}

extension Configuration {
    /// Makes relative sources with a file's ending absolute, so that they mean the same for a worker that runs elsewhere.
    public mutating func resolveSources(in folder: String) {
        for index in models.indices {
            guard case .engine(var spec) = models[index].backend, Self.looksLikeFile(spec.source) else { continue }
            spec.source = "\(folder)/\(spec.source)"
            models[index].backend = .engine(spec)
        }
    }

    /// Makes relative files of the TLS settings absolute, so that they stand where the configuration file does.
    public mutating func resolveTLSFiles(in folder: String) {
        func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(folder)/\(path)" }
        if let files = tls {
            tls = ListenerTLS(
                certificate: absolute(files.certificate),
                key: absolute(files.key),
                clientCA: files.clientCA.map(absolute)
            )
        }
        upstreamTLS.ca = upstreamTLS.ca.map(absolute)
    }

    /// Whether a source is a relative path and not a repository's name such as `Qwen/Qwen3-8B`.
    public static func looksLikeFile(_ source: String) -> Bool {
        guard !source.hasPrefix("/"), !source.isEmpty else { return false }
        return source.hasPrefix("./") || source.hasPrefix("../") || source.hasSuffix(".gguf")
    }
}
