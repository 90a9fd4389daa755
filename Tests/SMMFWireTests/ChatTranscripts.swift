// SPDX-License-Identifier: MIT

@testable import SMMFWire

/// Streams as providers send them, with their liberties; texts and ids are invented, the shapes are not.
enum ChatTranscripts {
    /// One stream and what must be found in it.
    struct Transcript: Sendable {
        var name: String
        var backend: any ChatBackendDialect
        var text: String
        var answer = ""
        var reasoning = ""
        var calls: [String] = []
        var stop: StopReason? = .end
        var usage: TokenUsage?
        var error: NeutralError.Kind?
        var streams = true
        var status = 200
    }

    static let all: [Transcript] = openAI + openAIQuirks + openAIErrors + anthropic + gemini + ollama + others

    static let openAI: [Transcript] = [
        Transcript(
            name: "OpenAI text",
            backend: OpenAIChatBackend(.openAI),
            text: chunk(
                #""choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}],"usage":null,"obfuscation":"x""#
            )
                + chunk(#""choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}],"usage":null"#)
                + chunk(#""choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":null}],"usage":null"#)
                + chunk(#""choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null"#)
                + chunk(
                    #""choices":[],"usage":{"prompt_tokens":8,"completion_tokens":2,"total_tokens":10,"prompt_tokens_details":{"cached_tokens":4}}"#
                )
                + "data: [DONE]\n\n",
            answer: "Hello",
            usage: TokenUsage(prompt: 8, completion: 2, cached: 4)
        ),
        Transcript(
            name: "OpenAI parallel tools",
            backend: OpenAIChatBackend(.openAI),
            text: delta(
                #"{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"get_weather","arguments":""}}]}"#
            )
                + delta(
                    #"{"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"get_time","arguments":""}}]}"#
                )
                + delta(#"{"tool_calls":[{"index":0,"function":{"arguments":"{\"ci"}}]}"#)
                + delta(#"{"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]}"#)
                + delta(#"{"tool_calls":[{"index":0,"function":{"arguments":"ty\":\"Paris\"}"}}]}"#)
                + chunk(#""choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]"#) + "data: [DONE]\n\n",
            calls: ["call_a get_weather {\"city\":\"Paris\"}", "call_b get_time {}"],
            stop: .toolCalls
        ),
        Transcript(
            name: "OpenAI whole",
            backend: OpenAIChatBackend(.openAI),
            text:
                #"{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":8,"completion_tokens":2,"total_tokens":10}}"#,
            answer: "Hello",
            usage: TokenUsage(prompt: 8, completion: 2),
            streams: false
        ),
        Transcript(
            name: "Azure",
            backend: OpenAIChatBackend(),
            text:
                #"data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{}}]}"#
                + "\n\n"
                + chunk(
                    #""choices":[{"content_filter_results":{},"delta":{"content":"","refusal":null,"role":"assistant"},"finish_reason":null,"index":0}]"#
                )
                + chunk(#""choices":[{"delta":{"content":"Hello"},"finish_reason":null,"index":0}]"#)
                + chunk(#""choices":[{"delta":{},"finish_reason":"content_filter","index":0}]"#) + "data: [DONE]\n\n",
            answer: "Hello",
            stop: .contentFilter
        ),
    ]

    static let openAIQuirks: [Transcript] = [
        Transcript(
            name: "DashScope compatible, empty ids",
            backend: OpenAIChatBackend(),
            text: delta(
                #"{"content":null,"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"weather","arguments":""}}],"role":"assistant"}"#
            )
                + delta(
                    #"{"content":null,"tool_calls":[{"index":0,"id":"","type":"function","function":{"arguments":"{\"location\": \"San Francisco"}}]}"#
                )
                + delta(
                    #"{"content":null,"tool_calls":[{"index":0,"id":"","type":"function","function":{"arguments":"\"}"}}]}"#
                )
                + chunk(
                    #""choices":[{"delta":{"tool_calls":[{"function":{"arguments":""},"index":0,"id":"","type":"function"}]},"index":0}]"#
                )
                + chunk(#""choices":[{"finish_reason":"tool_calls","delta":{},"index":0}]"#) + "data: [DONE]\n\n",
            calls: ["call_1 weather {\"location\": \"San Francisco\"}"],
            stop: .toolCalls
        ),
        Transcript(
            name: "Baichuan, no space, empty finish reason",
            backend: OpenAIChatBackend(),
            text:
                "data:{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hel\"},\"finish_reason\":\"\"}]}\r\n\r\n"
                + "data:{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"lo\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":8,\"completion_tokens\":2,\"total_tokens\":10}}\r\n\r\ndata:[DONE]\r\n\r\n",
            answer: "Hello",
            usage: TokenUsage(prompt: 8, completion: 2)
        ),
        Transcript(
            name: "DeepSeek, keep-alive and reasoning",
            backend: OpenAIChatBackend(),
            text: ": keep-alive\n\n" + delta(#"{"role":"assistant","content":null,"reasoning_content":""}"#)
                + delta(#"{"content":null,"reasoning_content":"The"}"#)
                + delta(#"{"content":"Hi","reasoning_content":null}"#)
                + chunk(
                    #""choices":[{"index":0,"delta":{"content":"","reasoning_content":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":339,"completion_tokens":83,"total_tokens":422,"completion_tokens_details":{"reasoning_tokens":35},"prompt_cache_hit_tokens":320,"prompt_cache_miss_tokens":19}"#
                )
                + "data: [DONE]\n\n",
            answer: "Hi",
            reasoning: "The",
            usage: TokenUsage(prompt: 339, completion: 83, cached: 320, reasoning: 35)
        ),
        Transcript(
            name: "Moonshot, usage in the choice, no mark",
            backend: OpenAIChatBackend(),
            text: delta(#"{"content":"Hello"}"#)
                + chunk(
                    #""choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":{"prompt_tokens":39,"completion_tokens":211,"total_tokens":250}}]"#
                ),
            answer: "Hello",
            usage: TokenUsage(prompt: 39, completion: 211)
        ),
        Transcript(
            name: "Mistral, calls without index",
            backend: OpenAIChatBackend(),
            text: delta(
                #"{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm."}]}]}"#
            )
                + chunk(
                    #""choices":[{"index":0,"delta":{"content":null,"tool_calls":[{"id":"gSIMJiOkT","function":{"name":"weather","arguments":"{\"a\": 1}"}},{"id":"hSIMJiOkT","function":{"name":"time","arguments":"{}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":124,"total_tokens":146,"completion_tokens":22}"#
                )
                + "data: [DONE]\n\n",
            reasoning: "Hm.",
            calls: ["gSIMJiOkT weather {\"a\": 1}", "hSIMJiOkT time {}"],
            stop: .toolCalls,
            usage: TokenUsage(prompt: 124, completion: 22)
        ),
        Transcript(
            name: "Spark, one object, no finish reason",
            backend: OpenAIChatBackend(),
            text:
                #"data:{"code":0,"message":"Success","sid":"s","id":"s","created":1,"choices":[{"delta":{"role":"assistant","content":"","tool_calls":{"type":"function","function":{"arguments":"{\"city\":\"Shanghai\"}","name":"get_weather"},"id":"call_1"}},"index":0}],"usage":{"prompt_tokens":6,"completion_tokens":68,"total_tokens":74}}"#
                + "\n\ndata:[DONE]\n\n",
            calls: ["call_1 get_weather {\"city\":\"Shanghai\"}"],
            stop: .toolCalls,
            usage: TokenUsage(prompt: 6, completion: 68)
        ),
    ]

    static let openAIErrors: [Transcript] = [
        Transcript(
            name: "error in a stream",
            backend: OpenAIChatBackend(),
            text: delta(#"{"content":"Hel"}"#)
                + "data: {\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\",\"code\":null}}\n\n",
            answer: "Hel",
            stop: nil,
            error: .overloaded
        ),
        Transcript(
            name: "Spark, code in a stream",
            backend: OpenAIChatBackend(),
            text: "data:{\"code\":10013,\"message\":\"no\",\"sid\":\"s\"}\n\n",
            stop: nil,
            error: .outage
        ),
        Transcript(
            name: "MiniMax, code in a whole answer",
            backend: OpenAIChatBackend(),
            text: #"{"id":"x","choices":null,"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}}"#,
            stop: nil,
            error: .quota,
            streams: false
        ),
        Transcript(
            name: "JSON where a stream was asked for",
            backend: OpenAIChatBackend(),
            text:
                #"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"#,
            stop: nil,
            error: .quota,
            status: 429
        ),
        Transcript(
            name: "a gateway's page",
            backend: OpenAIChatBackend(),
            text: "<html>Bad Gateway</html>",
            stop: nil,
            error: .outage,
            status: 502
        ),
    ]

    static let anthropic: [Transcript] = [
        Transcript(
            name: "Anthropic, thinking, text and a tool",
            backend: AnthropicBackend(),
            text: """
                event: message_start
                data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1}}}

                event: content_block_start
                data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

                event: ping
                data: {"type":"ping"}

                event: content_block_delta
                data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm."}}

                event: content_block_delta
                data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2VhbA=="}}

                event: content_block_stop
                data: {"type":"content_block_stop","index":0}

                event: content_block_start
                data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

                event: content_block_delta
                data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Let me look."}}

                event: content_block_stop
                data: {"type":"content_block_stop","index":1}

                event: content_block_start
                data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"weather","input":{}}}

                event: content_block_delta
                data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}

                event: content_block_delta
                data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\\"location\\": \\"Paris\\"}"}}

                event: content_block_stop
                data: {"type":"content_block_stop","index":2}

                event: message_delta
                data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":20,"cache_creation_input_tokens":3,"cache_read_input_tokens":5,"output_tokens":28}}

                event: message_stop
                data: {"type":"message_stop"}


                """,
            answer: "Let me look.",
            reasoning: "Hm.",
            calls: ["toolu_1 weather {\"location\": \"Paris\"}"],
            stop: .toolCalls,
            usage: TokenUsage(prompt: 28, completion: 28, cached: 5, cacheWritten: 3)
        ),
        Transcript(
            name: "Anthropic, error in a stream",
            backend: AnthropicBackend(),
            text:
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n",
            stop: nil,
            error: .overloaded
        ),
        Transcript(
            name: "Anthropic, no credit",
            backend: AnthropicBackend(),
            text:
                #"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the API."}}"#,
            stop: nil,
            error: .quota,
            status: 400
        ),
    ]

    static func chunk(_ members: String) -> String {
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\(members)}\n\n"
    }

    static func delta(_ delta: String) -> String {
        chunk("\"choices\":[{\"index\":0,\"delta\":\(delta),\"finish_reason\":null}]")
    }
}
