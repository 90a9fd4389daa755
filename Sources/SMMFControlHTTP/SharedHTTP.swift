// SPDX-License-Identifier: MIT

import AsyncHTTPClient
import NIOCore

/// The one HTTP client of a process, for control work only. It ends with the last caller that holds it.
public final class SharedHTTP: Sendable {
    let client: HTTPClient

    /// Creates a client with settings for control work: no waiting for a free connection, no retry of a refused one.
    public init(connectTimeout: Duration = .seconds(2)) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = TimeAmount(connectTimeout)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    deinit { client.shutdown { _ in } }
}
