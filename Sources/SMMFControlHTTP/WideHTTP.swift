// SPDX-License-Identifier: MIT

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
public import SMMFCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Downloads from servers on the internet: patient where ``SharedHTTP`` is quick, and through a proxy where the
/// environment names one (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, and `NO_PROXY` for exceptions). It follows no
/// redirect, so that its caller decides what goes where.
public final class WideHTTP: Sendable {
    private let direct: HTTPClient
    /// Clients by the scheme of the addresses that go through their proxy.
    private let proxied: [String: HTTPClient]
    private let exceptions: [String]

    /// Creates a client. Throws ``SMMFError`` for a proxy that cannot be used; the error shows no password.
    public init(environment: [String: String] = [:]) throws(SMMFError) {
        func value(_ names: String...) -> String? {
            names.lazy.flatMap { [$0.lowercased(), $0] }.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        var proxies: [String: HTTPClient.Configuration.Proxy] = [:]
        for (scheme, name) in [("https", "HTTPS_PROXY"), ("http", "HTTP_PROXY")] {
            guard let text = value(name, "ALL_PROXY") else { continue }
            proxies[scheme] = try Self.proxy(text, name)
        }
        direct = Self.client(nil)
        proxied = proxies.mapValues { Self.client($0) }
        exceptions = (value("NO_PROXY") ?? "").split(separator: ",").map { entry in
            let name = entry.filter { !$0.isWhitespace }.lowercased()
            return name.hasPrefix(".") ? String(name.dropFirst()) : name
        }
    }

    deinit {
        direct.shutdown { _ in }
        for client in proxied.values { client.shutdown { _ in } }
    }

    /// Sends a GET and returns the answer's head with its body still to be read.
    ///
    /// Throws ``SMMFError`` `unavailable` that names the host alone, as an address may hold a signature.
    public func get(_ address: URL, fields: [(name: String, value: String)] = []) async throws -> WideAnswer {
        var request = HTTPClientRequest(url: address.absoluteString)
        for field in fields { request.headers.add(name: field.name, value: field.value) }
        do {
            let response = try await client(for: address).execute(request, timeout: .seconds(60))
            return WideAnswer(host: address.host ?? "", response: response)
        } catch let error as CancellationError {
            throw error
        } catch {
            try Task.checkCancellation()
            throw SMMFError(
                .unavailable,
                "\(address.host ?? "The server") does not answer (\(error)).",
                blame: .provider
            )
        }
    }

    private func client(for address: URL) -> HTTPClient {
        usesProxy(address) ? proxied[address.scheme?.lowercased() ?? ""] ?? direct : direct
    }

    /// Whether an address is reached by a proxy: there is one for its scheme, and it is neither this machine nor excepted.
    func usesProxy(_ address: URL) -> Bool {
        guard proxied[address.scheme?.lowercased() ?? ""] != nil, let host = address.host?.lowercased() else {
            return false
        }
        let isLocal = host == "localhost" || host.hasPrefix("127.") || host == "::1"
        return !isLocal && !exceptions.contains { $0 == "*" || host == $0 || host.hasSuffix("." + $0) }
    }

    private static func client(_ proxy: HTTPClient.Configuration.Proxy?) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(15)
        // A connection over which nothing comes for so long is dead.
        configuration.timeout.read = .seconds(60)
        configuration.httpVersion = .http1Only
        configuration.proxy = proxy
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    private static func proxy(_ text: String, _ name: String) throws(SMMFError) -> HTTPClient.Configuration.Proxy {
        guard let address = URL(string: text.contains("://") ? text : "http://\(text)"), let host = address.host,
            !host.isEmpty, let kind = address.scheme?.lowercased(), ["http", "socks5", "socks5h"].contains(kind)
        else {
            throw SMMFError(
                .configuration,
                "\(name) is not the address of a proxy that SMMF can use.",
                field: name,
                nextStep: "Set it to http://HOST:PORT or socks5://HOST:PORT."
            )
        }
        guard kind == "http" else { return .socksServer(host: host, port: address.port ?? 1080) }
        let login = address.user.map { user in
            HTTPClient.Authorization.basic(
                username: PercentCoding.decode(user),
                password: PercentCoding.decode(address.password ?? "")
            )
        }
        return .server(host: host, port: address.port ?? 80, authorization: login)
    }
}
