// SPDX-License-Identifier: MIT

import SMMFRelay
import SMMFWire

/// How a key is shown to a provider.
public enum ProviderAuth: Sendable, Hashable {
    /// There is none; a key that is given all the same goes as `bearer`.
    case none
    /// `Authorization: Bearer KEY`.
    case bearer
    /// In a field of its own.
    case field(String)
    /// `Authorization: Bearer TOKEN`, with a token that a key of the form `id.secret` has signed.
    case zhipuToken
    /// Baidu's signature with a key of the form `ACCESS:SECRET`.
    case baidu
    /// AWS's signature for a service in the region that the host names, with a key of the form
    /// `ACCESS:SECRET` or `ACCESS:SECRET:TOKEN`; any other key goes as `bearer`.
    case aws(service: String)

    /// The whole field lines for a call's key, which holds no line end.
    func lines(for call: ProviderCall) -> [UInt8] {
        guard let key = call.key else { return [] }
        return switch self {
        case .none, .bearer: Self.bearer(key)
        case .field(let name): Array("\(name): \(key)\r\n".utf8)
        case .zhipuToken: Self.bearer(ZhipuToken.token(key, at: call.time) ?? key)
        case .baidu: Self.baidu(key, call)
        case .aws(let service): Self.aws(key, call, service)
        }
    }

    private static func bearer(_ key: String) -> [UInt8] { Array("authorization: Bearer \(key)\r\n".utf8) }

    private static func baidu(_ key: String, _ call: ProviderCall) -> [UInt8] {
        let parts = key.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return bearer(key) }
        let time = UTCTime(seconds: call.time / 1000)
        let target = call.target.split(separator: "?", maxSplits: 1).map(String.init)
        let query = (target.count > 1 ? target[1] : "").split(separator: "&").map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1).map(String.init)
            return (name: halves[0], value: halves.count > 1 ? halves[1] : "")
        }
        let signed = BaiduSignature(accessKey: parts[0], secretKey: parts[1])
            .authorization(method: "POST", host: call.host, path: target[0], query: query, at: time)
        return Array("x-bce-date: \(time.rfc3339)\r\nauthorization: \(signed)\r\n".utf8)
    }

    private static func aws(_ key: String, _ call: ProviderCall, _ service: String) -> [UInt8] {
        let parts = key.split(separator: ":").map(String.init)
        let host = call.host.split(separator: ".").map(String.init)
        guard parts.count == 2 || parts.count == 3, let body = call.body else { return bearer(key) }
        // The part of the host that looks like `us-gov-west-1`; an address without one is asked as the oldest region.
        let region =
            host.first { part in
                let words = part.split(separator: "-")
                return words.count > 2 && words[0].count == 2 && words[words.count - 1].allSatisfy(\.isNumber)
            } ?? "us-east-1"
        let signer = SigV4(
            accessKey: parts[0],
            secretKey: parts[1],
            sessionToken: parts.count > 2 ? parts[2] : nil,
            region: region,
            service: service
        )
        let time = UTCTime(seconds: call.time / 1000)
        return Array(signer.lines(host: call.host, path: call.target, body: body, at: time).utf8)
    }
}
