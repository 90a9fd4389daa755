// SPDX-License-Identifier: MIT

public import SMMFCore
import SMMFWire

/// Whom the load goes to and what is asked: everything that stands in a request but its prompt.
public struct LoadTarget: Sendable, Hashable {
    public var endpoint: Endpoint
    /// Behind the endpoint's own path.
    public var path = "/v1/chat/completions"
    public var model: String
    /// Sent as `Authorization: Bearer …` when given; never part of a report.
    public var key: String?
    public var isStream = false
    /// Asks for the usage at a stream's end, as `stream_options.include_usage`.
    public var wantsUsage = true
    public var maxTokens: Int?
    /// The members of a JSON object, without its braces, that stand in each body besides.
    public var members = ""

    /// A target for answers in one piece.
    public init(endpoint: Endpoint, model: String) {
        self.endpoint = endpoint
        self.model = model
    }

    /// All bytes of all requests may be so many; they are made before the load begins.
    static let bytesLimit = 1 << 30

    /// The request for each prompt, whole.
    ///
    /// Throws ``SMMFError`` when a part cannot stand in a head, when there is no prompt, or when they are too large.
    func requests(_ prompts: [String]) throws(SMMFError) -> [[UInt8]] {
        guard !prompts.isEmpty else {
            throw SMMFError(.configuration, "There is no prompt.", field: "--prompts", nextStep: "Give at least one.")
        }
        for (field, text) in [("--path", path), ("--key", key ?? "x")]
        where text.isEmpty || !text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) {
            throw SMMFError(.configuration, "\(field) has a space or a character that no head can have.", field: field)
        }
        var requests: [[UInt8]] = []
        var total = 0
        for prompt in prompts {
            let request = request(prompt)
            total += request.count
            guard total <= Self.bytesLimit else {
                throw SMMFError(.configuration, "All prompts together are larger than 1 GB.", field: "--prompts")
            }
            requests.append(request)
        }
        return requests
    }

    private func request(_ prompt: String) -> [UInt8] {
        let body = body(prompt)
        var bytes: [UInt8] = []
        bytes.append(contentsOf: "POST \(endpoint.path)\(path) HTTP/1.1\r\nhost: \(endpoint.authority)\r\n".utf8)
        if let key { bytes.append(contentsOf: "authorization: Bearer \(key)\r\n".utf8) }
        bytes.append(literal: "content-type: application/json\r\ncontent-length: ")
        bytes.append(decimal: body.count)
        bytes.append(literal: "\r\n\r\n")
        bytes.append(contentsOf: body)
        return bytes
    }

    private func body(_ prompt: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(literal: "{\"model\":")
        bytes.append(json: model)
        if isStream {
            bytes.append(literal: ",\"stream\":true")
            if wantsUsage { bytes.append(literal: ",\"stream_options\":{\"include_usage\":true}") }
        }
        if let maxTokens {
            bytes.append(literal: ",\"max_tokens\":")
            bytes.append(decimal: maxTokens)
        }
        if !members.isEmpty {
            bytes.append(literal: ",")
            bytes.append(contentsOf: members.utf8)
        }
        bytes.append(literal: ",\"messages\":[{\"role\":\"user\",\"content\":")
        bytes.append(json: prompt)
        bytes.append(literal: "}]}")
        return bytes
    }
}
