// SPDX-License-Identifier: MIT

import SMMFCore
import Testing

@Suite("Secrets in listings")
struct SecretMaskTests {
    @Test("variables with a secret's name are hidden, and others shown")
    func environment() {
        let shown = SecretMask.environment([
            "HF_TOKEN": "a", "OPENAI_API_KEY": "b", "DB_PASSWORD": "c", "CUDA_VISIBLE_DEVICES": "0",
            "TOKENIZERS_PARALLELISM": "false", "VLLM_MAX_TOKENS": "5", "PROXY": "http://u:p@h:1/x",
        ])
        #expect(shown["HF_TOKEN"] == SecretMask.mask && shown["OPENAI_API_KEY"] == SecretMask.mask)
        #expect(shown["DB_PASSWORD"] == SecretMask.mask && shown["CUDA_VISIBLE_DEVICES"] == "0")
        #expect(shown["TOKENIZERS_PARALLELISM"] == "false" && shown["VLLM_MAX_TOKENS"] == "5")
        #expect(shown["PROXY"] == "http://(hidden)@h:1/x")
    }

    @Test(
        "a command line is shown without what follows a secret's flag",
        arguments: [
            (["x", "--api-key", "s"], ["x", "--api-key", "(hidden)"]),
            (["x", "--api-key", "s", "t", "--port", "1"], ["x", "--api-key", "(hidden)", "(hidden)", "--port", "1"]),
            (["x", "--api-key=s"], ["x", "--api-key=(hidden)"]),
            (["x", "--hf-token", "s", "-c", "5"], ["x", "--hf-token", "(hidden)", "-c", "5"]),
            (["x", "--max-num-batched-tokens", "5"], ["x", "--max-num-batched-tokens", "5"]),
            (["x", "--tokenizer", "a/b"], ["x", "--tokenizer", "a/b"]),
            (["x", "https://me:pw@host/m"], ["x", "https://(hidden)@host/m"]),
            (["x", "https://host/a@b"], ["x", "https://host/a@b"]),
            (["x", "SECRET=1"], ["x", "SECRET=(hidden)"]),
        ]
    )
    func arguments(given: [String], shown: [String]) {
        #expect(SecretMask.arguments(given) == shown)
    }
}
