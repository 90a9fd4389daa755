// SPDX-License-Identifier: MIT

extension Catalog {
    /// Models whose repositories bring code of their own, which these engines run only when told to.
    static let remoteCode = [
        "vllm": ["--trust-remote-code"], "sglang": ["--trust-remote-code"], "tgi": ["--trust-remote-code"],
        "lmdeploy": ["--trust-remote-code"], "transformers": ["--trust-remote-code"],
    ]

    /// The models that DB-GPT's SMMF named.
    static let specified: [CatalogModel] = [
        .language(
            "vicuna-13b",
            "lmsys/vicuna-13b-v1.3",
            billions: 13.02,
            shape: (40, 40, 128),
            context: 2_048,
            "Non-commercial (LLaMA)"
        ),
        .language(
            "vicuna-13b-v1.5",
            "lmsys/vicuna-13b-v1.5",
            modelScope: "Xorbits/vicuna-13b-v1.5",
            billions: 13.02,
            shape: (40, 40, 128),
            context: 4_096,
            "Llama 2 Community"
        ),
        .language(
            "llama2",
            "meta-llama/Llama-2-7b-chat-hf",
            modelScope: "modelscope/Llama-2-7b-chat-ms",
            gguf: "TheBloke/Llama-2-7B-Chat-GGUF",
            billions: 6.74,
            shape: (32, 32, 128),
            context: 4_096,
            "Llama 2 Community"
        ),
        .language(
            "llama2-13b",
            "meta-llama/Llama-2-13b-chat-hf",
            modelScope: "modelscope/Llama-2-13b-chat-ms",
            gguf: "TheBloke/Llama-2-13B-chat-GGUF",
            billions: 13.02,
            shape: (40, 40, 128),
            context: 4_096,
            "Llama 2 Community"
        ),
        .language(
            "llama2-70b",
            "meta-llama/Llama-2-70b-chat-hf",
            modelScope: "modelscope/Llama-2-70b-chat-ms",
            gguf: "TheBloke/Llama-2-70B-Chat-GGUF",
            billions: 68.98,
            shape: (80, 8, 128),
            context: 4_096,
            "Llama 2 Community"
        ),
        .language(
            "baichuan2-13b",
            "baichuan-inc/Baichuan2-13B-Chat",
            modelScope: "baichuan-inc/Baichuan2-13B-Chat",
            billions: 13.9,
            shape: (40, 40, 128),
            context: 4_096,
            "Baichuan 2 Community",
            arguments: remoteCode
        ),
        .language(
            "baichuan2-7b",
            "baichuan-inc/Baichuan2-7B-Chat",
            modelScope: "baichuan-inc/Baichuan2-7B-Chat",
            billions: 7.51,
            shape: (32, 32, 128),
            context: 4_096,
            "Baichuan 2 Community",
            arguments: remoteCode
        ),
        .language(
            "chatglm-6b",
            "zai-org/chatglm-6b",
            modelScope: "ZhipuAI/ChatGLM-6B",
            billions: 6.17,
            shape: (28, 32, 128),
            context: 2_048,
            "ChatGLM",
            engines: ["fastchat", "transformers"]
        ),
        .language(
            "chatglm2-6b",
            "zai-org/chatglm2-6b",
            modelScope: "ZhipuAI/chatglm2-6b",
            billions: 6.24,
            shape: (28, 2, 128),
            context: 8_192,
            "ChatGLM2",
            arguments: remoteCode
        ),
        .language(
            "chatglm3-6b",
            "zai-org/chatglm3-6b",
            modelScope: "ZhipuAI/chatglm3-6b",
            billions: 6.24,
            shape: (28, 2, 128),
            context: 8_192,
            "ChatGLM3",
            arguments: remoteCode
        ),
        .language(
            "falcon-40b",
            "tiiuae/falcon-40b-instruct",
            modelScope: "AI-ModelScope/falcon-40b-instruct",
            billions: 41.8,
            shape: (60, 8, 64),
            context: 2_048,
            "Apache 2.0"
        ),
        .language(
            "internlm-chat-7b",
            "internlm/internlm-chat-7b",
            modelScope: "Shanghai_AI_Laboratory/internlm-chat-7b",
            billions: 7.32,
            shape: (32, 32, 128),
            context: 8_192,
            "Apache 2.0, weights by their own terms",
            arguments: remoteCode
        ),
        .language(
            "internlm-chat-20b",
            "internlm/internlm-chat-20b",
            modelScope: "Shanghai_AI_Laboratory/internlm-chat-20b",
            billions: 20.09,
            shape: (60, 40, 128),
            context: 4_096,
            "Apache 2.0, weights by their own terms",
            arguments: remoteCode
        ),
        .language(
            "qwen-7b-chat",
            "Qwen/Qwen-7B-Chat",
            modelScope: "Qwen/Qwen-7B-Chat",
            billions: 7.72,
            shape: (32, 32, 128),
            context: 8_192,
            "Tongyi Qianwen",
            arguments: remoteCode
        ),
        .language(
            "qwen-14b-chat",
            "Qwen/Qwen-14B-Chat",
            modelScope: "Qwen/Qwen-14B-Chat",
            billions: 14.17,
            shape: (40, 40, 128),
            context: 8_192,
            "Tongyi Qianwen",
            arguments: remoteCode
        ),
        .language(
            "wizardlm-13b",
            "WizardLMTeam/WizardLM-13B-V1.2",
            gguf: "TheBloke/WizardLM-13B-V1.2-GGUF",
            billions: 13.02,
            shape: (40, 40, 128),
            context: 4_096,
            "Llama 2 Community"
        ),
        .language(
            "orca-2-7b",
            "microsoft/Orca-2-7b",
            gguf: "TheBloke/Orca-2-7B-GGUF",
            billions: 6.74,
            shape: (32, 32, 128),
            context: 4_096,
            "Microsoft Research"
        ),
        .language(
            "orca-2-13b",
            "microsoft/Orca-2-13b",
            gguf: "TheBloke/Orca-2-13B-GGUF",
            billions: 13.02,
            shape: (40, 40, 128),
            context: 4_096,
            "Microsoft Research"
        ),
        .language(
            "openchat_3.5",
            "openchat/openchat_3.5",
            gguf: "TheBloke/openchat_3.5-GGUF",
            billions: 7.24,
            shape: (32, 8, 128),
            context: 8_192,
            "Apache 2.0"
        ),
        .language(
            "zephyr-7b-alpha",
            "HuggingFaceH4/zephyr-7b-alpha",
            modelScope: "AI-ModelScope/zephyr-7b-alpha",
            gguf: "TheBloke/zephyr-7B-alpha-GGUF",
            billions: 7.24,
            shape: (32, 8, 128),
            context: 32_768,
            "MIT"
        ),
        .language(
            "mistral-7b-instruct-v0.1",
            "mistralai/Mistral-7B-Instruct-v0.1",
            modelScope: "AI-ModelScope/Mistral-7B-Instruct-v0.1",
            gguf: "TheBloke/Mistral-7B-Instruct-v0.1-GGUF",
            billions: 7.24,
            shape: (32, 8, 128),
            context: 32_768,
            "Apache 2.0"
        ),
        .language(
            "yi-34b-chat",
            "01-ai/Yi-34B-Chat",
            modelScope: "01ai/Yi-34B-Chat",
            gguf: "TheBloke/Yi-34B-Chat-GGUF",
            billions: 34.39,
            shape: (60, 8, 128),
            context: 4_096,
            "Apache 2.0"
        ),
    ]
}
