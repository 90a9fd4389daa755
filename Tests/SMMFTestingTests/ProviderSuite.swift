// SPDX-License-Identifier: MIT

import SMMFTesting
import Testing

/// Requests to a played provider as its users send them, and what can be seen in its answers without a codec.
struct ProviderSuite {
    /// The words of an API of conversations.
    enum Shape { case openAI, anthropic, gemini, dashScope, wenxin, bedrock, ollama }

    let name: String

    /// nil for providers of vectors and ranks only.
    var shape: Shape? {
        switch name {
        case "anthropic": .anthropic
        case "gemini-native", "vertex-native": .gemini
        case "dashscope": .dashScope
        case "wenxin": .wenxin
        case "bedrock": .bedrock
        case "ollama-cloud": .ollama
        case "jina", "voyage": nil
        default: .openAI
        }
    }

    static let withChats = PlayedProvider.all.map(\.name).filter { ProviderSuite(name: $0).shape != nil }

    /// The last mark of a stream that is whole; nil where there is none but the end of the body.
    var end: String? {
        switch shape {
        case .openAI: "[DONE]"
        case .anthropic: #"{"type":"message_stop"}"#
        case .wenxin: #""is_end":true"#
        case .ollama: #""done":true"#
        case .gemini: #""finishReason":"#
        case .bedrock: #""latencyMs""#
        case .dashScope, nil: nil
        }
    }

    private static let schema =
        #"{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},"required":["city"]}"#

    /// A whole request for what `text` asks to be played.
    func request(_ provider: SimulatedProvider, _ text: String, streams: Bool, token: String = "") -> String {
        let said = "\"\(text)\""
        let system = "Be brief."
        let body: String
        var path: String
        var lines = ["connection: close", "authorization: Bearer k"]
        switch shape {
        case .openAI:
            let base = name == "cohere" ? "/compatibility/v1" : provider.provider.base
            path =
                name == "azure-deployments"
                ? "/openai/deployments/m/chat/completions?api-version=1" : "\(base)/chat/completions"
            let options =
                name == "mistral" || name.hasPrefix("spark") ? "" : #","stream_options":{"include_usage":true}"#
            body =
                #"{"model":"m","messages":[{"role":"system","content":"\#(system)"},{"role":"user","content":\#(said)}],"#
                + #""tools":[{"type":"function","function":{"name":"weather","parameters":\#(Self.schema)}}]"#
                + (name.hasPrefix("spark") ? #","tool_calls_switch":true"# : "")
                + (streams ? #","stream":true\#(options)}"# : "}")
        case .anthropic:
            path = "/v1/messages"
            lines += ["x-api-key: k", "anthropic-version: 2023-06-01"]
            body =
                #"{"model":"m","max_tokens":200,"system":"\#(system)","messages":[{"role":"user","content":\#(said)}],"#
                + #""tools":[{"name":"weather","input_schema":\#(Self.schema)}],"stream":\#(streams)}"#
        case .gemini:
            let prefix = name == "vertex-native" ? "/v1/projects/sim/locations/global/publishers/google" : "/v1beta"
            path = "\(prefix)/models/m:\(streams ? "streamGenerateContent?alt=sse" : "generateContent")"
            lines.append("x-goog-api-key: k")
            body =
                #"{"systemInstruction":{"parts":[{"text":"\#(system)"}]},"contents":[{"role":"user","parts":[{"text":\#(said)}]}],"#
                + #""tools":[{"functionDeclarations":[{"name":"weather","parametersJsonSchema":\#(Self.schema)}]}]}"#
        case .dashScope:
            path = "/api/v1/services/aigc/text-generation/generation"
            if streams { lines.append("X-DashScope-SSE: enable") }
            body =
                #"{"model":"m","input":{"messages":[{"role":"system","content":"\#(system)"},{"role":"user","content":\#(said)}]},"#
                + #""parameters":{"result_format":"message","incremental_output":true,"tools":[{"type":"function","#
                + #""function":{"name":"weather","parameters":\#(Self.schema)}}]}}"#
        case .wenxin:
            path = "/rpc/2.0/ai_custom/v1/wenxinworkshop/chat/completions?access_token=\(token)"
            body =
                #"{"system":"\#(system)","messages":[{"role":"user","content":\#(said)}],"stream":\#(streams),"#
                + #""functions":[{"name":"weather","description":"d","parameters":\#(Self.schema)}]}"#
        case .bedrock:
            path = "/model/m/converse\(streams ? "-stream" : "")"
            body =
                #"{"system":[{"text":"\#(system)"}],"messages":[{"role":"user","content":[{"text":\#(said)}]}],"#
                + #""toolConfig":{"tools":[{"toolSpec":{"name":"weather","inputSchema":{"json":\#(Self.schema)}}}]}}"#
        case .ollama:
            path = "/api/chat"
            body =
                #"{"model":"m","messages":[{"role":"system","content":"\#(system)"},{"role":"user","content":\#(said)}],"#
                + #""tools":[{"type":"function","function":{"name":"weather","parameters":\#(Self.schema)}}],"stream":\#(streams)}"#
        case nil:
            path = "/"
            body = "{}"
        }
        return post(path, body, headers: lines)
    }

    /// Sends it and reads to the end.
    func ask(_ provider: SimulatedProvider, _ text: String, streams: Bool = false) async throws -> WireReply {
        var token = ""
        if shape == .wenxin {
            let path = "/oauth/2.0/token?grant_type=client_credentials&client_id=a&client_secret=b"
            let reply = try await send(post(path, "", headers: ["connection: close"]), to: provider)
            token = try #require(Self.string("access_token", in: reply.body))
        }
        return try await send(request(provider, text, streams: streams, token: token), to: provider)
    }

    func send(_ text: String, to provider: SimulatedProvider) async throws -> WireReply {
        let client = try await WireClient.connect(to: provider.port)
        try await client.send(text)
        let transcript = await client.readToEnd()
        await client.close()
        return WireReply(transcript)
    }

    /// The value of the first member of this name that is a string.
    static func string(_ name: String, in text: String) -> String? {
        guard let range = text.firstRange(of: "\"\(name)\":\"") else { return nil }
        return String(text[range.upperBound...].prefix { $0 != "\"" })
    }

    /// The largest number under one of these names; cumulative counters grow.
    static func number(_ names: [String], in text: String) -> Int? {
        var found: Int?
        for name in names {
            for part in text.ranges(of: "\"\(name)\":") {
                guard let number = Int(text[part.upperBound...].prefix { $0.isNumber }) else { continue }
                found = max(found ?? 0, number)
            }
        }
        return found
    }
}
