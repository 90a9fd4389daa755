// SPDX-License-Identifier: MIT

import SMMFTesting
import SMMFWire
import Testing

/// Usage in the places and under the names that upstreams have for it.
@Suite struct TokenUsageTests {
    private static func usage(_ text: String, _ content: ResponseHead.Content, cuts: [Int] = []) -> TokenUsage? {
        let bytes = [UInt8](text)
        var scanner = ResponseScanner(content)
        for piece in pieces(bytes, cuts) { scanner.feed(piece.span, 0..<piece.count) }
        scanner.finish()
        return scanner.readTail().usage
    }

    static let objects: [(String, TokenUsage?)] = [
        // OpenAI, with its details.
        (
            """
            {"prompt_tokens":8,"completion_tokens":5,"total_tokens":13,"prompt_tokens_details":{"cached_tokens":6,\
            "audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":3,"audio_tokens":0}}
            """, TokenUsage(prompt: 8, completion: 5, cached: 6, reasoning: 3)
        ),
        // Responses.
        (
            """
            {"input_tokens":9,"input_tokens_details":{"cached_tokens":2},"output_tokens":4,\
            "output_tokens_details":{"reasoning_tokens":1},"total_tokens":13}
            """, TokenUsage(prompt: 9, completion: 4, cached: 2, reasoning: 1)
        ),
        // DeepSeek.
        (
            """
            {"prompt_tokens":339,"completion_tokens":83,"total_tokens":422,\
            "completion_tokens_details":{"reasoning_tokens":35},\
            "prompt_cache_hit_tokens":320,"prompt_cache_miss_tokens":19}
            """, TokenUsage(prompt: 339, completion: 83, cached: 320, reasoning: 35)
        ),
        // Moonshot.
        (
            #"{"prompt_tokens":39,"completion_tokens":211,"total_tokens":250,"cached_tokens":16}"#,
            TokenUsage(prompt: 39, completion: 211, cached: 16)
        ),
        // Anthropic leaves the cache out of its input.
        (
            #"{"input_tokens":12,"cache_creation_input_tokens":30,"cache_read_input_tokens":100,"output_tokens":28}"#,
            TokenUsage(prompt: 142, completion: 28, cached: 100, cacheWritten: 30)
        ),
        // A translator's answer has both, and its prompt is whole.
        (
            #"{"input_tokens":12,"prompt_tokens":142,"completion_tokens":28,"cache_read_input_tokens":100}"#,
            TokenUsage(prompt: 142, completion: 28, cached: 100)
        ),
        // Reasoning that only the total shows.
        (
            #"{"prompt_tokens":2,"completion_tokens":2,"total_tokens":21}"#,
            TokenUsage(prompt: 2, completion: 19)
        ),
        (
            """
            {"prompt_tokens":5,"completion_tokens":7,"total_tokens":112,\
            "completion_tokens_details":{"reasoning_tokens":100}}
            """, TokenUsage(prompt: 5, completion: 107, cached: 0, reasoning: 100)
        ),
        // Embeddings.
        (#"{"prompt_tokens":6,"total_tokens":6}"#, TokenUsage(prompt: 6)),
        (#"{"total_tokens":6}"#, TokenUsage(prompt: 6)),
        (#"{"prompt_tokens":3,"total_tokens":146,"completion_tokens":22.0}"#, TokenUsage(prompt: 3, completion: 143)),
        // Numbers that cannot be.
        (
            #"{"prompt_tokens":1,"completion_tokens":1,"cached_tokens":9,"reasoning_tokens":9}"#,
            TokenUsage(prompt: 1, completion: 1, cached: 1, reasoning: 1)
        ),
        (#"{"prompt_tokens":-4,"completion_tokens":"7"}"#, nil),
        (#"{"prompt_tokens":99999999999999999999}"#, TokenUsage(prompt: 1_000_000_000_000)),
        ("{}", nil), ("[]", nil), ("null", nil), ("7", nil), (#"{"prompt_tokens":1,"#, nil),
    ]

    @Test(arguments: objects)
    func readsEveryForm(object: String, expected: TokenUsage?) {
        let found = Self.usage("{\"choices\":[],\"usage\":\(object)}", .json)
        if object.contains("9999") {
            #expect((found?.prompt ?? 0) >= 1_000_000_000_000)
        } else {
            #expect(found == expected)
        }
    }

    static let three = #"{"prompt_tokens":3,"completion_tokens":4}"#

    static let places: [(String, ResponseHead.Content)] = [
        ("data: {\"choices\":[],\"usage\":\(three)}\n\ndata: [DONE]\n\n", .eventStream),
        // With the last content.
        ("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":\(three)}\n\n", .eventStream),
        // Inside the choice.
        ("data: {\"choices\":[{\"finish_reason\":\"stop\",\"usage\":\(three)}]}\n\ndata: [DONE]\n\n", .eventStream),
        ("data: {\"choices\":[],\"x_groq\":{\"id\":\"r\",\"usage\":\(three)}}\n\ndata: [DONE]\n\n", .eventStream),
        // With every event: the last one counts, and a null behind it does not.
        (
            "data: {\"choices\":[{}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\n"
                + "data: {\"choices\":[{}],\"usage\":\(three)}\n\ndata: {\"choices\":[{}],\"usage\":null}\n\n",
            .eventStream
        ),
        // llama.cpp's own numbers, when there is nothing else.
        (
            "data: {\"choices\":[{}],\"timings\":{\"cache_n\":1,\"prompt_n\":2,\"prompt_ms\":0.5,\"predicted_n\":4}}\n\n",
            .eventStream
        ),
        ("{\"choices\":[{\"text\":\"\(String(repeating: "x", count: 4000))\"}],\"usage\":\(three)}", .json),
        // In front of a long list.
        ("{\"object\":\"list\",\"usage\":\(three),\"data\":[\"\(String(repeating: "x", count: 4000))\"]}", .json),
    ]

    @Test(arguments: places)
    func findsEveryPlace(text: String, content: ResponseHead.Content) {
        let expected = Self.usage(text, content)
        #expect(expected?.prompt == 3 && expected?.completion == 4)
        var random = SeededGenerator(seed: 3)
        for cuts in waysToCut(text.utf8.count).shuffled(using: &random).prefix(200) {
            #expect(Self.usage(text, content, cuts: cuts) == expected)
        }
    }

    @Test func textThatTalksOfUsageIsNoUsage() {
        let text = #"data: {"choices":[{"delta":{"content":"\"usage\":{\"prompt_tokens\":1}"}}]}"# + "\n\n"
        #expect(Self.usage(text, .eventStream) == nil)
    }
}
