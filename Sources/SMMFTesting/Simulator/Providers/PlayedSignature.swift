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
        let path = Self.escaped(call.path)
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

    private static func escaped(_ path: String) -> String {
        var text = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text += "%" + PlayedDigest.hex([byte]).uppercased()
            }
        }
        return text
    }
}
