// SPDX-License-Identifier: MIT

import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A step from one address to the next, as a value.
struct Redirect: Sendable, Hashable {
    let address: URL
    /// Whether scheme, host and port stay: only then may credentials go along.
    let staysAtHome: Bool

    /// Steps of one request at the most.
    static let limit = 8

    /// Reads a `Location`. Throws ``SMMFError`` for one that leads nowhere or gives encryption up.
    init(_ location: String?, from: URL) throws(SMMFError) {
        guard let location, let address = URL(string: location, relativeTo: from)?.absoluteURL,
            let scheme = address.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = address.host, !host.isEmpty
        else {
            throw SMMFError(.upstreamFailed, "\(from.host ?? "The server") redirects to nowhere.", blame: .provider)
        }
        guard scheme == "https" || from.scheme?.lowercased() == "http" else {
            throw SMMFError(
                .upstreamFailed,
                "\(from.host ?? "The server") redirects to \(host) without encryption, which is refused.",
                blame: .provider
            )
        }
        self.address = address
        staysAtHome = Self.origin(address) == Self.origin(from)
    }

    private static func origin(_ address: URL) -> [String] {
        let scheme = address.scheme?.lowercased() ?? ""
        let port = address.port ?? (scheme == "https" ? 443 : 80)
        return [scheme, address.host?.lowercased() ?? "", "\(port)"]
    }
}
