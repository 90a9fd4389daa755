// SPDX-License-Identifier: MIT

import SMMFCore

/// A base URL that somebody gave instead of a provider's own.
enum ProviderBase {
    /// Networks that no base may lead into. People run servers on their machines and in their companies' networks; what
    /// serves a machine its secrets, and what is no host, is somebody's trick or mistake.
    private static let forbidden: Set<NetworkRange> = [.linkLocal, .unusable]

    /// Reads the base. Throws an error for the field `base_url` that never repeats what may be a secret: a user's name and
    /// password, or a query.
    ///
    /// Only addresses that are written as numbers are judged; what a name stands for is known when it is connected to.
    static func endpoint(_ text: String, of provider: String) throws(SMMFError) -> Endpoint {
        func refuse(_ why: String) -> SMMFError {
            SMMFError(
                .invalidRequest,
                "The base URL of the provider \(provider) \(why).",
                field: "base_url",
                nextStep: "Write it as https://host/path."
            )
        }
        guard !text.isEmpty else { throw refuse("is empty") }
        let authority = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst(2).first ?? ""
        guard !authority.contains("@"), !text.prefix(while: { $0 != "/" }).contains("@") else {
            throw refuse("has a user name or password in it, which would end up in logs")
        }
        guard !text.contains("?"), !text.contains("#") else { throw refuse("has a query or a fragment") }
        guard ["https://", "http://", "unix:"].contains(where: text.hasPrefix) else {
            throw refuse("has no https:// in front")
        }
        let endpoint: Endpoint
        do throws(SMMFError) { endpoint = try Endpoint(text) } catch {
            throw refuse("\"\(text)\" has no proper host, port or path")
        }
        if case .unix = endpoint.transport { return endpoint }
        if let range = NetworkRange(host: endpoint.host), forbidden.contains(range) {
            throw refuse("leads into a forbidden network: \(range.title)")
        }
        return endpoint
    }
}
