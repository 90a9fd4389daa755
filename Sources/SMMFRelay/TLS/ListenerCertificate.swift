// SPDX-License-Identifier: MIT

import Logging
import NIOCore
import NIOSSL
import SMMFCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Makes the TLS context of a listener out of its files, and looks for new ones.
struct ListenerCertificate: Sendable {
    let files: ListenerTLS
    let logger: Logger

    /// Reads the files. Throws ``SMMFError`` that names the file and its field.
    func load() throws(SMMFError) -> NIOSSLContext {
        let certificate = PEMFile(path: files.certificate, field: "server.tls.certificate")
        let key = PEMFile(path: files.key, field: "server.tls.key")
        let chain = try certificate.certificates()
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(try key.privateKey())
        )
        configuration.minimumTLSVersion = .tlsv12
        // Whoever does not answer our farewell is not waited for.
        configuration.shutdownTimeout = .seconds(1)
        configuration.applicationProtocols = ["h2", "http/1.1"]
        if let path = files.clientCA {
            let authorities = try PEMFile(path: path, field: "server.tls.client_ca").certificates()
            configuration.trustRoots = .certificates(authorities)
            configuration.certificateVerification = .noHostnameVerification
        }
        warnOfAge(chain)
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw key.error("is not the key of the certificate in \(files.certificate), or cannot be used (\(error))")
        }
    }

    /// Looks at the files again and again, and hands on a new context each time they have changed, until the task is
    /// cancelled. Files that cannot be used leave the old context in force.
    func watch(_ publish: @Sendable (NIOSSLContext) async -> Void) async {
        var seen = stamps()
        while !Task.isCancelled {
            try? await Task.sleep(for: files.reloadInterval)
            let now = stamps()
            guard now != seen, !Task.isCancelled else { continue }
            seen = now
            do throws(SMMFError) {
                await publish(try load())
                logger.notice("The listener has a new certificate", metadata: ["smmf.file": "\(files.certificate)"])
            } catch {
                logger.error("The listener keeps its old certificate: \(error.message)")
            }
        }
    }

    private func stamps() -> [[Int64]?] {
        [files.certificate, files.key, files.clientCA].map { $0.flatMap(PEMFile.stamp) }
    }

    private func warnOfAge(_ chain: [NIOSSLCertificate]) {
        guard let leaf = chain.first, leaf.notValidAfter < time(nil) else { return }
        logger.warning("The listener's certificate has expired", metadata: ["smmf.file": "\(files.certificate)"])
    }
}
