// SPDX-License-Identifier: MIT

import SMMFWire

/// What a provider refuses of a body of OpenAI's shape.
enum PlayedRefusal: Sendable {
    /// A member that it does not know.
    case unknown(String)
    /// Any member but these.
    case allBut([String])
    /// A number outside these bounds.
    case outside(String, ClosedRange<Double>)
    /// A member with this value.
    case value(String, JSONTree)
    /// A list that is longer.
    case longer(String, Int)
    /// A role that it does not know.
    case role(String)
    /// A member, for models whose names begin so.
    case ofModel(String, [String])
    /// Ids of tool calls that are not nine letters and digits.
    case longIDs

    func check(_ body: JSONTree) throws(PlayedError) {
        switch self {
        case .unknown(let name): if body[name]?.present != nil { throw Self.unknown(name) }
        case .allBut(let names):
            for key in body.object?.keys ?? [] where !names.contains(key) { throw Self.unknown(key) }
        case .outside(let name, let bounds):
            guard let value = body[name]?.double, !bounds.contains(value) else { return }
            throw .wrong(name, "it must be between \(bounds.lowerBound) and \(bounds.upperBound)")
        case .value(let name, let value):
            if body[name] == value { throw .wrong(name, "\(value.text) is not supported") }
        case .longer(let name, let most):
            if (body[name]?.array?.count ?? 0) > most { throw .wrong(name, "at most \(most) entries") }
        case .role(let role):
            for (index, message) in (body["messages"]?.array ?? []).enumerated() where message["role"]?.string == role {
                throw .wrong("messages[\(index)].role", "'\(role)' is no role")
            }
        case .ofModel(let name, let beginnings):
            guard let model = body["model"]?.string, beginnings.contains(where: model.hasPrefix) else { return }
            if body[name]?.present != nil {
                throw PlayedError(
                    .badRequest,
                    "Unsupported parameter: '\(name)' is not supported with this model.",
                    param: name
                )
            }
        case .longIDs:
            for message in body["messages"]?.array ?? [] {
                let ids = [message["tool_call_id"]] + (message["tool_calls"]?.array ?? []).map { $0["id"] }
                for id in ids.compactMap({ $0?.string }) where id.count != 9 || !id.allSatisfy(\.isASCIILetterOrDigit) {
                    throw PlayedError(
                        .badRequest,
                        "Tool call id was \(id) but must be a-z, A-Z, 0-9, with a length of 9."
                    )
                }
            }
        }
    }

    private static func unknown(_ name: String) -> PlayedError {
        PlayedError(.badRequest, "Unrecognized request argument supplied: \(name)", param: name)
    }
}

extension Character {
    fileprivate var isASCIILetterOrDigit: Bool { isASCII && (isLetter || isNumber) }
}
