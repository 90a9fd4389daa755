// SPDX-License-Identifier: MIT

import Crypto
public import SMMFWire

/// AWS's signature of requests, version 4, for a POST with a body, at a time that is given.
public struct SigV4: Sendable {
    /// The public part of the key.
    public var accessKey: String
    public var secretKey: String
    /// The third part that temporary keys have.
    public var sessionToken: String?
    public var region: String
    public var service: String

    /// Creates a signer.
    public init(
        accessKey: String,
        secretKey: String,
        sessionToken: String? = nil,
        region: String,
        service: String = "bedrock"
    ) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
        self.region = region
        self.service = service
    }

    /// The field lines that sign a request: `x-amz-date`, the session's token where there is one, and `authorization`.
    ///
    /// `path` is as it stands in the request line, its characters escaped once, without a query.
    public func lines(host: String, path: String, body: [UInt8], at time: UTCTime) -> String {
        let names = ["content-type", "host", "x-amz-date"] + (sessionToken == nil ? [] : ["x-amz-security-token"])
        let signature = signature(host: host, path: path, body: body, at: time)
        let scope = "\(time.basic.prefix(8))/\(region)/\(service)/aws4_request"
        let token = sessionToken.map { "x-amz-security-token: \($0)\r\n" } ?? ""
        return "x-amz-date: \(time.basic)\r\n\(token)authorization: AWS4-HMAC-SHA256 Credential=\(accessKey)/\(scope), "
            + "SignedHeaders=\(names.joined(separator: ";")), Signature=\(signature)\r\n"
    }

    /// The signature in hexadecimal.
    func signature(host: String, path: String, body: [UInt8], at time: UTCTime) -> String {
        let date = String(time.basic.prefix(8))
        let scope = "\(date)/\(region)/\(service)/aws4_request"
        let canonical = canonical(host: host, path: path, body: body, at: time)
        let text = "AWS4-HMAC-SHA256\n\(time.basic)\n\(scope)\n\(Hex.sha256(canonical.utf8))"
        return Hex.text(Hex.hmac(text, key: signingKey(date)))
    }

    func signingKey(_ date: String) -> [UInt8] {
        [date, region, service, "aws4_request"].reduce(Array("AWS4\(secretKey)".utf8)) { Hex.hmac($1, key: $0) }
    }

    func canonical(host: String, path: String, body: [UInt8], at time: UTCTime) -> String {
        var fields = "content-type:application/json\nhost:\(host)\nx-amz-date:\(time.basic)\n"
        var names = "content-type;host;x-amz-date"
        if let sessionToken {
            fields += "x-amz-security-token:\(sessionToken)\n"
            names += ";x-amz-security-token"
        }
        // What is escaped in the path is escaped once more.
        let path = PathText.escaped(path, also: "/")
        return "POST\n\(path)\n\n\(fields)\n\(names)\n\(Hex.sha256(body))"
    }
}
