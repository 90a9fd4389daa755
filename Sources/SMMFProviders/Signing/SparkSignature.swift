// SPDX-License-Identifier: MIT

public import SMMFWire

/// The signed address of Spark's web socket. Its clock may differ from iFlytek's by five minutes at most.
public struct SparkSignature: Sendable {
    public var apiKey: String
    public var apiSecret: String

    /// Creates a signer.
    public init(apiKey: String, apiSecret: String) {
        self.apiKey = apiKey
        self.apiSecret = apiSecret
    }

    /// The path with its signed query. `method` is GET for a socket.
    public func target(host: String, path: String, method: String = "GET", at time: UTCTime) -> String {
        let authorization = authorization(host: host, path: path, method: method, at: time)
        let date = PathText.escaped(time.http).split(separator: "%20", omittingEmptySubsequences: false)
            .joined(separator: "+")
        return "\(path)?authorization=\(PathText.escaped(authorization))&date=\(date)&host=\(PathText.escaped(host))"
    }

    func signature(host: String, path: String, method: String, at time: UTCTime) -> String {
        let text = "host: \(host)\ndate: \(time.http)\n\(method) \(path) HTTP/1.1"
        return Base64.text(Hex.hmac(text, key: Array(apiSecret.utf8)))
    }

    func authorization(host: String, path: String, method: String, at time: UTCTime) -> String {
        let signature = signature(host: host, path: path, method: method, at: time)
        let text =
            "api_key=\"\(apiKey)\", algorithm=\"hmac-sha256\", headers=\"host date request-line\", "
            + "signature=\"\(signature)\""
        return Base64.text(Array(text.utf8))
    }
}
