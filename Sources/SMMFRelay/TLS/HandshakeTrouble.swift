// SPDX-License-Identifier: MIT

import NIOCore
import NIOSSL

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Why a TLS handshake with an instance failed, in words that follow "could not be reached:".
enum HandshakeTrouble {
    static let closed = "it closed the connection during the TLS handshake"
    static let timedOut = "the TLS handshake did not end in time"

    /// `certificate` is the instance's, where it showed one.
    static func explain(
        _ error: any Error,
        host: String,
        certificate: NIOSSLCertificate?,
        at now: Int = time(nil)
    ) -> String {
        if let error = error as? NIOSSLExtraError, error == .failedToValidateHostname {
            return "its certificate is not for \(host)"
        }
        let text = String(describing: error)
        if text.contains("CERTIFICATE_VERIFY_FAILED") { return distrust(certificate, now) }
        if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") { return "it does not speak TLS" }
        if text.contains("EOF during handshake") { return closed }
        if text.contains("CERTIFICATE_REQUIRED") { return "it asks for a certificate of ours, and there is none" }
        return "the TLS handshake failed: \(reason(in: text))"
    }

    private static func distrust(_ certificate: NIOSSLCertificate?, _ now: Int) -> String {
        if let certificate {
            let day = 86_400
            let age = now - Int(certificate.notValidAfter)
            if age > 0 { return "its certificate expired \(age < day ? "today" : "\(age / day) days ago")" }
            if now < Int(certificate.notValidBefore) { return "its certificate is not valid yet" }
        }
        return "its certificate comes from an authority that is not trusted here; "
            + "server.upstream_tls.ca can name the authority's file"
    }

    /// The library's own word for it, without the places in its source.
    private static func reason(in text: String) -> String {
        guard let mark = text.range(ofText: "OPENSSL_internal:") else { return String(text.prefix(200)) }
        let word = text[mark...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        return word.lowercased().map { $0 == "_" ? " " : String($0) }.joined()
    }
}

extension String {
    /// The place behind the first `text`.
    fileprivate func range(ofText text: String) -> Index? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
