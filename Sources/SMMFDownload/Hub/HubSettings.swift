// SPDX-License-Identifier: MIT

import SMMFControlHTTP
public import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where the hubs are, and the tokens for them, from the variables that the hubs' own clients read.
public struct HubSettings: Sendable {
    private var endpoints: [Hub: URL] = [:]
    private var tokens: [Hub: Secret] = [:]

    /// Reads `HF_ENDPOINT`, `HF_TOKEN`, `MODELSCOPE_ENDPOINT` and `MODELSCOPE_API_TOKEN` (or `MODELSCOPE_TOKEN`).
    ///
    /// Throws ``SMMFError`` that names the variable, and never shows a token.
    public init(environment: [String: String] = [:]) throws(SMMFError) {
        func value(_ names: String...) -> String? { names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } }
        endpoints[.huggingFace] = try Self.address(
            value("HF_ENDPOINT") ?? "https://huggingface.co",
            "HF_ENDPOINT"
        )
        endpoints[.modelScope] = try Self.address(
            value("MODELSCOPE_ENDPOINT") ?? "https://modelscope.cn",
            "MODELSCOPE_ENDPOINT"
        )
        if let token = value("HF_TOKEN") { tokens[.huggingFace] = try Secret(token, field: "HF_TOKEN") }
        if let token = value("MODELSCOPE_API_TOKEN", "MODELSCOPE_TOKEN") {
            tokens[.modelScope] = try Secret(token, field: "MODELSCOPE_API_TOKEN")
        }
    }

    private static func address(_ text: String, _ name: String) throws(SMMFError) -> URL {
        let whole = (text.contains("://") ? text : "https://\(text)")
        let trimmed = whole.hasSuffix("/") ? String(whole.dropLast()) : whole
        guard let url = URL(string: trimmed), ["http", "https"].contains(url.scheme?.lowercased() ?? ""),
            let host = url.host, !host.isEmpty, url.query == nil
        else {
            throw SMMFError(
                .configuration,
                "\(name) is not the address of a hub.",
                field: name,
                nextStep: "Set it to https://HOST, or unset it."
            )
        }
        return url
    }

    /// Whether a token is set for the hub.
    func hasToken(_ hub: Hub) -> Bool { tokens[hub] != nil }

    /// The header fields that say who asks.
    func credentials(_ hub: Hub) -> [(name: String, value: String)] {
        guard let token = tokens[hub] else { return [] }
        let bearer = (name: "Authorization", value: "Bearer \(token.revealed)")
        // ModelScope's older paths look at the cookie alone.
        return hub == .modelScope ? [bearer, (name: "Cookie", value: "m_session_id=\(token.revealed)")] : [bearer]
    }

    /// A page of the hub for people.
    func page(_ hub: Hub, _ path: String) -> String {
        hub == .huggingFace ? "https://huggingface.co/\(path)" : "https://modelscope.cn/\(path)"
    }

    /// Where the hub tells what a repository has.
    func listing(_ hub: Hub, _ name: String, revision: String) -> URL? {
        switch hub {
        case .huggingFace: address(hub, "/api/models/\(name)/revision/\(Self.escape(revision))?blobs=true")
        case .modelScope:
            address(hub, "/api/v1/models/\(name)/repo/files?Revision=\(Self.escape(revision))&Recursive=True")
        }
    }

    /// Where the hub has a file; `revision` is the commit where it is known, so that all files are of one state.
    func file(_ hub: Hub, _ name: String, revision: String, path: String) -> URL? {
        switch hub {
        case .huggingFace:
            let parts = path.split(separator: "/").map { Self.escape(String($0)) }.joined(separator: "/")
            return address(hub, "/\(name)/resolve/\(Self.escape(revision))/\(parts)")
        case .modelScope:
            let query = "Revision=\(Self.escape(revision))&FilePath=\(Self.escape(path))"
            return address(hub, "/api/v1/models/\(name)/repo?\(query)")
        }
    }

    private func address(_ hub: Hub, _ path: String) -> URL? {
        endpoints[hub].flatMap { URL(string: $0.absoluteString + path) }
    }

    private static func escape(_ text: String) -> String { PercentCoding.encode(text) }
}
