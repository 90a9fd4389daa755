// SPDX-License-Identifier: MIT

import Logging
import NIOSSL
import SMMFCore

/// What connections to `https://` endpoints are opened with. Made when the first such endpoint is routed to, as reading
/// the system's authorities takes time and memory that a relay without them does not need.
struct UpstreamSecurity: Sendable {
    private let verifying: NIOSSLContext
    private let trusting: NIOSSLContext?
    private let insecure: Set<String>

    /// Reads the authorities. Throws ``SMMFError`` that names the file and its field.
    init(_ settings: UpstreamTLS, _ logger: Logger) throws(SMMFError) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if let authorities = try Self.authorities(settings) {
            configuration.additionalTrustRoots = [.certificates(authorities)]
        }
        insecure = settings.insecure
        do {
            verifying = try NIOSSLContext(configuration: configuration)
            configuration.certificateVerification = .none
            trusting = insecure.isEmpty ? nil : try NIOSSLContext(configuration: configuration)
        } catch {
            throw SMMFError(
                .configuration,
                "TLS towards instances cannot be set up: \(error)",
                field: "server.upstream_tls",
                nextStep: "Install the system's certificates (the package ca-certificates)."
            )
        }
        guard !insecure.isEmpty else { return }
        logger.warning(
            "Certificates of some instances are NOT verified; whoever is on the way can read and change everything",
            metadata: ["smmf.hosts": "\(insecure.sorted().joined(separator: ", "))"]
        )
    }

    /// Checks what `settings` name, without setting anything up.
    static func check(_ settings: UpstreamTLS) throws(SMMFError) { _ = try authorities(settings) }

    private static func authorities(_ settings: UpstreamTLS) throws(SMMFError) -> [NIOSSLCertificate]? {
        guard let path = settings.ca else { return nil }
        return try PEMFile(path: path, field: "server.upstream_tls.ca").certificates()
    }

    /// The handler that secures one connection to `endpoint`.
    func handler(for endpoint: Endpoint) throws -> NIOSSLClientHandler {
        let isExempt = insecure.contains(endpoint.host) || insecure.contains(endpoint.authority)
        let context = isExempt ? trusting ?? verifying : verifying
        do {
            return try NIOSSLClientHandler(context: context, serverHostname: endpoint.host)
        } catch let error as NIOSSLExtraError where error == .cannotUseIPAddressInSNI {
            // An address is verified against the certificate all the same, by the one that was connected to.
            return try NIOSSLClientHandler(context: context, serverHostname: nil)
        }
    }
}
