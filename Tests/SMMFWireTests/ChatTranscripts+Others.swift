// SPDX-License-Identifier: MIT

@testable import SMMFWire

extension ChatTranscripts {
    static let gemini: [Transcript] = [
        Transcript(
            name: "Gemini, thoughts and text",
            backend: GeminiBackend(),
            text:
                #"data: {"candidates":[{"content":{"parts":[{"text":"Hm.","thought":true}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":2,"totalTokenCount":12,"thoughtsTokenCount":10},"modelVersion":"g","responseId":"r1"}"#
                + "\n\n"
                + #"data: {"candidates":[{"content":{"parts":[{"text":"Hel"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":2,"candidatesTokenCount":1,"totalTokenCount":20,"thoughtsTokenCount":17}}"#
                + "\n\n"
                + #"data: {"candidates":[{"content":{"parts":[{"text":"lo"}],"role":"model"},"index":0}]}"# + "\n\n"
                + #"data: {"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"s"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":2,"candidatesTokenCount":2,"totalTokenCount":21,"thoughtsTokenCount":17}}"#
                + "\n\n",
            answer: "Hello",
            reasoning: "Hm.",
            usage: TokenUsage(prompt: 2, completion: 19, reasoning: 17)
        ),
        Transcript(
            name: "Gemini, parallel calls without ids, as an array",
            backend: GeminiBackend(),
            text:
                #"[{"candidates":[{"content":{"parts":[{"functionCall":{"name":"weather","args":{"location":"Paris"}},"thoughtSignature":"s"},{"functionCall":{"name":"time","args":{}}}],"role":"model"},"index":0}]}"#
                + "\n,\n"
                + #"{"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":2,"candidatesTokenCount":2,"totalTokenCount":4}}]"#,
            calls: ["call_smmf_1_0 weather {\"location\":\"Paris\"}", "call_smmf_1_1 time {}"],
            stop: .toolCalls,
            usage: TokenUsage(prompt: 2, completion: 2)
        ),
        Transcript(
            name: "Gemini, blocked prompt",
            backend: GeminiBackend(),
            text:
                #"{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":2},"modelVersion":"g"}"#,
            stop: nil,
            usage: TokenUsage(prompt: 2),
            error: .contentFilter,
            streams: false
        ),
        Transcript(
            name: "Gemini, wrong key",
            backend: GeminiBackend(),
            text:
                #"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]}}"#,
            stop: nil,
            error: .badKey,
            status: 400
        ),
        Transcript(
            name: "Gemini, quota of the day, in an array",
            backend: GeminiBackend(),
            text:
                #"[{"error":{"code":429,"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED","details":[{"@type":"q","violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]},{"@type":"r","retryDelay":"34.4s"}]}}]"#,
            stop: nil,
            error: .quota,
            status: 429
        ),
        Transcript(
            name: "Gemini, quota of the minute",
            backend: GeminiBackend(),
            text:
                #"{"error":{"code":429,"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED","details":[{"@type":"q","violations":[{"quotaId":"GenerateRequestsPerMinutePerProjectPerModel-FreeTier"}]}]}}"#,
            stop: nil,
            error: .rateLimit,
            status: 429
        ),
        Transcript(
            name: "Gemini, cut off",
            backend: GeminiBackend(),
            text: #"data: {"candidates":[{"content":{"parts":[{"text":"Hel"}],"role":"model"},"index":0}]}"# + "\n\n",
            answer: "Hel",
            stop: nil,
            error: .outage
        ),
    ]

    static let ollama: [Transcript] = [
        Transcript(
            name: "Ollama, thinking and text",
            backend: OllamaBackend(),
            text:
                #"{"model":"llama3.2","created_at":"2025-07-07T20:22:19.184789Z","message":{"role":"assistant","content":"","thinking":"Hm."},"done":false}"#
                + "\n"
                + #"{"model":"llama3.2","created_at":"x","message":{"role":"assistant","content":"Hello"},"done":false}"#
                + "\n"
                + #"{"model":"llama3.2","created_at":"x","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":182242375,"prompt_eval_count":26,"eval_count":15}"#
                + "\n",
            answer: "Hello",
            reasoning: "Hm.",
            usage: TokenUsage(prompt: 26, completion: 15)
        ),
        Transcript(
            name: "Ollama, a call",
            backend: OllamaBackend(),
            text:
                #"{"model":"m","message":{"role":"assistant","content":"","tool_calls":[{"id":"call_ab12","function":{"index":0,"name":"get_weather","arguments":{"city":"Tokyo"}}}]},"done":false}"#
                + "\n"
                + #"{"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","eval_count":1}"#,
            calls: ["call_ab12 get_weather {\"city\":\"Tokyo\"}"],
            stop: .toolCalls,
            usage: TokenUsage(completion: 1)
        ),
        Transcript(
            name: "Ollama, error on a line",
            backend: OllamaBackend(),
            text: #"{"model":"m","message":{"role":"assistant","content":"He"},"done":false}"#
                + "\n{\"error\":\"it died\"}\n",
            answer: "He",
            stop: nil,
            error: .outage
        ),
        Transcript(
            name: "Ollama, no such model",
            backend: OllamaBackend(),
            text: "{\"error\":\"model 'x' not found\"}",
            stop: nil,
            error: .notFound,
            status: 404
        ),
    ]

    static let others: [Transcript] = dashScope + wenxin + spark

    static let dashScope: [Transcript] = [
        Transcript(
            name: "DashScope",
            backend: DashScopeBackend(),
            text: """
                id:1
                event:result
                :HTTP_STATUS/200
                data:{"output":{"choices":[{"message":{"content":"Hel","role":"assistant"},"finish_reason":"null"}]},"usage":{"total_tokens":9,"input_tokens":8,"output_tokens":1},"request_id":"f1"}

                id:2
                event:result
                :HTTP_STATUS/200
                data:{"output":{"choices":[{"message":{"content":"lo","role":"assistant"},"finish_reason":"stop"}]},"usage":{"total_tokens":10,"input_tokens":8,"output_tokens":2},"request_id":"f1"}


                """,
            answer: "Hello",
            usage: TokenUsage(prompt: 8, completion: 2)
        ),
        Transcript(
            name: "DashScope, arrears in a stream",
            backend: DashScopeBackend(),
            text:
                "id:1\nevent:error\n:HTTP_STATUS/400\ndata:{\"request_id\":\"f1\",\"code\":\"Arrearage\",\"type\":\"Arrearage\",\"message\":\"Access denied.\"}\n\n",
            stop: nil,
            error: .quota
        ),
        Transcript(
            name: "DashScope, the same with a bad status",
            backend: DashScopeBackend(),
            text:
                "id:1\nevent:error\n:HTTP_STATUS/429\ndata:{\"request_id\":\"f1\",\"code\":\"Throttling.AllocationQuota\",\"message\":\"x\"}\n\n",
            stop: nil,
            error: .rateLimit,
            status: 429
        ),
        Transcript(
            name: "DashScope whole",
            backend: DashScopeBackend(),
            text:
                #"{"request_id":"f1","output":{"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":"Hello"}}]},"usage":{"input_tokens":8,"output_tokens":2,"total_tokens":10,"prompt_tokens_details":{"cached_tokens":3}}}"#,
            answer: "Hello",
            usage: TokenUsage(prompt: 8, completion: 2, cached: 3),
            streams: false
        ),
    ]

    static let wenxin: [Transcript] = [
        Transcript(
            name: "Wenxin",
            backend: WenxinBackend(),
            text:
                #"data: {"id":"as-1","object":"chat.completion","created":1,"sentence_id":0,"is_end":false,"is_truncated":false,"result":"Hel","need_clear_history":false,"finish_reason":"normal","usage":{"prompt_tokens":2,"completion_tokens":0,"total_tokens":2}}"#
                + "\n\n"
                + #"data: {"id":"as-1","sentence_id":1,"is_end":true,"result":"lo","need_clear_history":false,"finish_reason":"normal","usage":{"prompt_tokens":2,"completion_tokens":36,"total_tokens":38}}"#
                + "\n\n",
            answer: "Hello",
            usage: TokenUsage(prompt: 2, completion: 36)
        ),
        Transcript(
            name: "Wenxin, a call",
            backend: WenxinBackend(),
            text:
                #"{"id":"as-2","object":"chat.completion","created":1,"result":"","is_truncated":false,"need_clear_history":false,"function_call":{"name":"echo","thoughts":"t","arguments":"{\"words\":\"hello\"}"},"finish_reason":"function_call","usage":{"prompt_tokens":2,"completion_tokens":1,"total_tokens":3}}"#,
            calls: ["call_smmf_1_0 echo {\"words\":\"hello\"}"],
            stop: .toolCalls,
            usage: TokenUsage(prompt: 2, completion: 1),
            streams: false
        ),
        Transcript(
            name: "Wenxin, an expired token in a stream",
            backend: WenxinBackend(),
            text: #"{"error_code":110,"error_msg":"Access token invalid or no longer valid"}"#,
            stop: nil,
            error: .expiredToken
        ),
        Transcript(
            name: "Wenxin, an error between events",
            backend: WenxinBackend(),
            text: #"data: {"id":"as-1","is_end":false,"result":"Hel","usage":{}}"# + "\n\n"
                + #"{"error_code":336100,"error_msg":"busy"}"# + "\n",
            answer: "Hel",
            stop: nil,
            error: .overloaded
        ),
    ]

    static let spark: [Transcript] = [
        Transcript(
            name: "Spark",
            backend: SparkBackend(),
            text:
                #"{"header":{"code":0,"message":"Success","sid":"cht1@dx1","status":0},"payload":{"choices":{"status":0,"seq":0,"text":[{"content":"Hel","role":"assistant","index":0}]}}}"#
                + "\n"
                + #"{"header":{"code":0,"status":2},"payload":{"choices":{"status":2,"seq":2,"text":[{"content":"lo","role":"assistant","index":0}]},"usage":{"text":{"question_tokens":4,"prompt_tokens":5,"completion_tokens":9,"total_tokens":14}}}}"#
                + "\n",
            answer: "Hello",
            usage: TokenUsage(prompt: 5, completion: 9)
        ),
        Transcript(
            name: "Spark, a code alone",
            backend: SparkBackend(),
            text: #"{"header":{"code":10013,"message":"no","sid":"s","status":2}}"# + "\n",
            stop: nil,
            error: .contentFilter
        ),
    ]
}
