// SPDX-License-Identifier: MIT

public import Logging
public import SMMFConfiguration
import SMMFControlHTTP
import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the roles of one process share.
public struct Host: Sendable {
    public let configuration: Configuration
    /// The smmf program and `__guard`, under which engines run.
    public let guardProgram: [String]
    public let logger: Logger
    let http: SharedHTTP
    let clock = ContinuousClock()

    /// Creates a host; `guardProgram` is the smmf program and `__guard`.
    public init(configuration: Configuration, guardProgram: [String], logger: Logger) {
        self.configuration = configuration
        self.guardProgram = guardProgram
        self.logger = logger
        self.http = SharedHTTP()
    }

    /// This machine's name.
    static var name: String {
        let name = ProcessInfo.processInfo.hostName.prefix { $0 != "." }
        return name.isEmpty ? "worker" : String(name)
    }

    /// A client of the controller that the configuration names.
    var controllerClient: ControlClient {
        let address = configuration.control
        return ControlClient(
            base: Endpoint(host: address.host, port: address.port),
            token: configuration.token,
            http: http
        )
    }

}
