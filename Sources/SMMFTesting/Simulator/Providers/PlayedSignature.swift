// SPDX-License-Identifier: MIT

/// AWS's signature of a request, version 4, as the service checks it (the general reference's "Signature Version 4").
struct PlayedSignature {
    private let key: String
    private let scope: [String]
    private let names: [String]
    private let signature: String

    init(_ line: String, service: String) throws(PlayedError) {
        var parts: [String: String] = [:]
        for part in line.dropFirst("AWS4-HMAC-SHA256".count).split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " } }
            if pair.count == 2 { parts[pair[0]] = pair[1] }
        }
        let credential = (parts["Credential"] ?? "").split(separator: "/").map(String.init)
        guard credential.count == 5, credential[3] == service, credential[4] == "aws4_request",
            let names = parts["SignedHeaders"], let signature = parts["Signature"]
        else { throw PlayedError(.denied, "Incomplete signature: \(service) was expected.") }
        key = credential[0]
        scope = Array(credential.dropFirst())
        self.names = names.split(separator: ";").map(String.init)
        self.signature = signature
    }

    /// Throws when it is not what the key's secret gives for this request.
    func check(_ call: PlayedCall) throws(PlayedError) {
        guard let time = call.field("x-amz-date"), time.hasPrefix(scope[0]) else {
            throw PlayedError(.denied, "The signature has no date, or another one than its scope.")
        }
        guard names.contains("host"), names.contains("x-amz-date"), names == names.sorted() else {
            throw PlayedError(.denied, "'Host' and 'X-Amz-Date' must be among the sorted signed headers.")
        }
        guard !call.keys.isEmpty else { return }
        guard let known = call.keys.first(where: { $0.hasPrefix("\(key):") }) else { throw PlayedError(.badKey) }
        let secret = known.dropFirst(key.count + 1)
        var fields = ""
        for name in names { fields += "\(name):\(call.field(name) ?? "")\n" }
        // What is escaped in the path is escaped once more.
        let path = Self.escaped(call.path, also: "/")
        let body = PlayedDigest.sha256(call.bytes)
        let canonical = [call.method, path, call.rawQuery, fields, names.joined(separator: ";"), body]
            .joined(separator: "\n")
        let place = scope.joined(separator: "/")
        let text = "AWS4-HMAC-SHA256\n\(time)\n\(place)\n\(PlayedDigest.sha256(Array(canonical.utf8)))"
        let signer = scope.reduce(Array("AWS4\(secret)".utf8)) { PlayedDigest.hmac($1, key: $0) }
        guard PlayedDigest.hex(PlayedDigest.hmac(text, key: signer)) == signature else {
            throw PlayedError(
                .denied,
                "The request signature we calculated does not match the signature you provided."
            )
        }
    }

    /// Text with all but letters, digits and four marks escaped.
    static func escaped(_ path: String, also kept: String = "") -> String {
        let plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~\(kept)".utf8
        return path.utf8.map { byte in
            plain.contains(byte)
                ? String(Unicode.Scalar(byte)) : "%" + PlayedDigest.hex([byte]).uppercased()
        }.joined()
    }
}
