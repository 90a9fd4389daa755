// SPDX-License-Identifier: MIT

import NIOSSL
import SMMFCore
import SMMFTesting

extension TestCertificates {
    /// How a client meets a server of these: believing the authority, and with a certificate of its own where one is
    /// named.
    func client(as name: String? = nil, protocols: [String] = []) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(certificate("ca"))
        configuration.applicationProtocols = protocols
        if let name {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate(name))
            configuration.certificateChain = chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: key(name), format: .pem))
        }
        return try NIOSSLContext(configuration: configuration)
    }

    /// A server with one of the certificates.
    func server(_ name: String) throws -> NIOSSLContext {
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificate(name)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: key(name), format: .pem))
        )
        return try NIOSSLContext(configuration: configuration)
    }

    /// The relay's settings for a listener with one of the certificates.
    func listener(_ name: String = "server", clientCA: String? = nil) -> ListenerTLS {
        ListenerTLS(certificate: certificate(name), key: key(name), clientCA: clientCA.map(certificate))
    }
}
