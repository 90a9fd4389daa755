// SPDX-License-Identifier: MIT

import SMMFWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How a played provider knows its callers. Where no key is set, any that is shown in the right way will do.
enum PlayedAuth: Sendable {
    /// Nobody is asked.
    case none
    /// `Authorization: Bearer KEY`.
    case bearer
    /// In a field of its own.
    case field(String)
    /// Either of them.
    case fieldOrBearer(String)
    /// A token from `/oauth/2.0/token` in the query, or Baidu's signature, for a key of the form `ID:SECRET`.
    case accessToken
    /// AWS's signature, for a key of the form `ID:SECRET`, or a bearer's key.
    case signature(service: String)
    /// The key itself or a token signed with its second half, for a key of the form `ID.SECRET`.
    case signedToken

    /// Throws the error of a caller that shows no good key.
    func check(_ call: PlayedCall) throws(PlayedError) {
        switch self {
        case .none: return
        case .bearer: try Self.check(Self.bearer(call), call)
        case .field(let name): try Self.check(call.field(name), call)
        case .fieldOrBearer(let name): try Self.check(call.field(name) ?? Self.bearer(call), call)
        case .accessToken:
            if let token = call.query["access_token"] {
                guard call.memory.knows(token) else { throw PlayedError(.badKey) }
                return
            }
            guard let line = call.field("authorization") else { throw PlayedError(.badKey) }
            try PlayedBaiduSignature(line).check(call)
        case .signature(let service):
            guard let line = call.field("authorization") else { throw PlayedError(.denied) }
            guard line.hasPrefix("AWS4-HMAC-SHA256 ") else { return try Self.check(Self.bearer(call), call) }
            try PlayedSignature(line, service: service).check(call)
        case .signedToken:
            guard let token = Self.bearer(call), !token.isEmpty else { throw PlayedError(.badKey) }
            if token.split(separator: ".").count == 3 { return try Self.check(signed: token, call) }
            try Self.check(token, call)
        }
    }

    private static func bearer(_ call: PlayedCall) -> String? {
        guard let line = call.field("authorization"), line.lowercased().hasPrefix("bearer ") else { return nil }
        return String(line.dropFirst("bearer ".count))
    }

    private static func check(_ key: String?, _ call: PlayedCall) throws(PlayedError) {
        guard let key, !key.isEmpty, call.keys.isEmpty || call.keys.contains(key) else { throw PlayedError(.badKey) }
    }

    /// A token of three parts: the key's id and the times in milliseconds are in it, whatever the order of its members.
    private static func check(signed token: String, _ call: PlayedCall) throws(PlayedError) {
        let parts = token.split(separator: ".").map(String.init)
        guard let head = document(parts[0]), let claims = document(parts[1]), head["alg"] == "HS256",
            head["sign_type"] == "SIGN", let id = claims["api_key"]?.string, let end = claims["exp"]?.int
        else { throw PlayedError(.badKey) }
        guard let key = call.keys.first(where: { $0.hasPrefix("\(id).") }) else {
            guard call.keys.isEmpty else { throw PlayedError(.badKey) }
            return
        }
        let digest = PlayedDigest.hmac("\(parts[0]).\(parts[1])", key: Array(key.dropFirst(id.count + 1).utf8))
        guard PlayedDigest.urlText(digest) == parts[2] else { throw PlayedError(.badKey) }
        guard Double(end) / 1000 > Date().timeIntervalSince1970 else { throw PlayedError(.expiredToken) }
    }

    private static func document(_ part: String) -> JSONTree? {
        var text = part.split(separator: "-", omittingEmptySubsequences: false).joined(separator: "+")
        text = text.split(separator: "_", omittingEmptySubsequences: false).joined(separator: "/")
        while text.count % 4 != 0 { text += "=" }
        return Data(base64Encoded: text).flatMap { try? JSONTree(Array($0)) }
    }
}
