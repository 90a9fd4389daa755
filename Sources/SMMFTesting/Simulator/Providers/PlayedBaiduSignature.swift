// SPDX-License-Identifier: MIT

/// Baidu's signature of a request, `bce-auth-v1`, as the service checks it.
struct PlayedBaiduSignature {
    private let parts: [String]

    init(_ line: String) throws(PlayedError) {
        parts = line.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "bce-auth-v1" else { throw PlayedError(.badKey) }
    }

    /// Throws when it is not what the key's secret gives for this request.
    func check(_ call: PlayedCall) throws(PlayedError) {
        let (id, date, names) = (parts[1], parts[2], parts[4].split(separator: ";").map(String.init))
        guard names.contains("host"), call.field("x-bce-date") == date else { throw PlayedError(.badKey) }
        guard !call.keys.isEmpty else { return }
        guard let key = call.keys.first(where: { $0.hasPrefix("\(id):") }) else { throw PlayedError(.badKey) }
        let prefix = parts[..<4].joined(separator: "/")
        let secret = Array(key.dropFirst(id.count + 1).utf8)
        // The key of the second digest is the first one's text, not its bytes.
        let signer = Array(PlayedDigest.hex(PlayedDigest.hmac(prefix, key: secret)).utf8)
        let pairs = call.query.filter { $0.key != "authorization" }
            .map { "\(PlayedSignature.escaped($0.key))=\(PlayedSignature.escaped($0.value))" }.sorted()
        let fields = names.map { "\(PlayedSignature.escaped($0)):\(PlayedSignature.escaped(call.field($0) ?? ""))" }
        let lines = [
            call.method, PlayedSignature.escaped(call.path, also: "/"), pairs.joined(separator: "&"),
            fields.sorted().joined(separator: "\n"),
        ]
        let digest = PlayedDigest.hmac(lines.joined(separator: "\n"), key: signer)
        guard PlayedDigest.hex(digest) == parts[5] else { throw PlayedError(.badKey) }
    }
}
