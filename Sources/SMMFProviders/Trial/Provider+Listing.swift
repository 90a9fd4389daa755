// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFWire

/// Where a provider lists its models, which costs nothing.
extension Provider {
    /// The path of the list behind the base; nil where there is none.
    public var listing: String? {
        guard let chat = paths["chat"] else { return nil }
        switch dialect.rawValue {
        case "anthropic": return "/v1/models?limit=100"
        case "gemini": return "/v1beta/models?pageSize=100"
        case "ollama": return "/api/tags"
        default: break
        }
        let end = "/chat/completions"
        guard dialect == .openAI, chat.hasSuffix(end) else { return nil }
        return chat.dropLast(end.count) + "/models"
    }

    /// The models that a list names, in its order; none where it is none.
    public static func models(in list: [UInt8]) -> [String] {
        let limits = JSONTree.Limits(bytes: 4 << 20, depth: 32, values: 1 << 18)
        guard let tree = try? JSONTree(list, limits: limits) else { return [] }
        let rows = tree["data"]?.array ?? tree["models"]?.array ?? tree.array ?? []
        return rows.compactMap { row in
            guard let name = row["id"]?.string ?? row["name"]?.string, !name.isEmpty else { return nil }
            return name.hasPrefix("models/") ? String(name.dropFirst("models/".count)) : name
        }
    }
}
