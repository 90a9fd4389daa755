// SPDX-License-Identifier: MIT

public import SMMFCore

/// Everything a process is told from outside: the file, the environment and the flags, in this order of weight.
public struct Configuration: Sendable, Hashable {
    /// The API Server's address.
    public var api = ListenAddress(port: 8100)
    /// The controller's address; for other roles also where to find it.
    public var control = ListenAddress(port: 8000)
    /// The worker's address.
    public var worker = ListenAddress(port: 8001)
    /// Desired state, engines' environments, logs and models are kept here.
    public var data = "~/.local/share/smmf"
    /// The secret of the control plane, asked of every caller when set.
    public var token: String?
    /// The certificate with which the API Server speaks TLS; plain HTTP when nil.
    public var tls: ListenerTLS?
    /// Whose certificates the API Server believes on `https://` endpoints.
    public var upstreamTLS = UpstreamTLS()
    /// Origins of web pages that may call the API Server from a browser; `*` is all of them, and none is the default.
    public var corsOrigins: [String] = []
    /// Where each request to the API Server gets a line; nowhere when nil.
    public var accessLog: AccessLogSettings?
    /// Megabytes for all models on demand of this worker together; of a controller, of each worker that names none
    /// itself. No bound when nil.
    public var memoryBudget: Int?
    /// The least severe log messages to write: trace, debug, info, notice, warning, error or critical.
    public var logLevel = "notice"
    /// Programs to use for engines, by the engine's name, before PATH is searched.
    public var enginePrograms: [String: String] = [:]
    /// The models that the file declares.
    public var models: [Deployment] = []
    /// Prices that stand before the bundled ones.
    public var prices: [PriceSetting] = []
    /// Models that were found where nobody declared any; they stand back behind those that somebody deployed by hand.
    public var found: [Deployment] = []

    /// The defaults.
    public init() {}
}

extension Configuration {
    /// Refuses to open a control API to a network without a token. The API server needs no such rule: beyond this machine
    /// it lets nobody in without an API key, and the keys are not known yet when it starts.
    public func validateExposure() throws(SMMFError) {
        for (field, address) in [("server.control", control), ("server.worker", worker)] where address.socket != nil {
            throw SMMFError(
                .configuration,
                "\(field) is \(address), but only server.api can be a Unix socket.",
                field: field,
                nextStep: "Listen on 127.0.0.1."
            )
        }
        for (field, address) in [("server.control", control), ("server.worker", worker)]
        where !address.isLoopback && token == nil {
            throw SMMFError(
                .configuration,
                "\(field) is \(address), which other machines can reach, and no token is set.",
                field: field,
                nextStep: "Set server.token or SMMF_TOKEN, or listen on 127.0.0.1."
            )
        }
    }
}
