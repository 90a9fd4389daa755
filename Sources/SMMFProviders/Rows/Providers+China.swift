// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFWire

/// Providers of OpenAI's shape in China.
extension Providers {
    static let china: [Provider] = [
        Provider(
            "tongyi",
            "Alibaba Tongyi",
            "https://dashscope.aliyuncs.com/compatible-mode/v1",
            keys: "DASHSCOPE_API_KEY",
            paths: ["completion": "/v1/completions"]
        ) { shape in
            shape.reasoningWords = .enable
            shape.rules = [.clamp("top_p", 0.000_001...0.999_999), .denyValue("tool_choice", "required")]
            shape.errors = DashScopeErrors.map
        }.with { $0.batchLimit = 10 },
        Provider(
            "deepseek",
            "DeepSeek",
            "https://api.deepseek.com/v1",
            keys: "DEEPSEEK_API_KEY"
        ) { shape in
            shape.reasoningWords = .thinking
            shape.rules = [.atMost("stop", 16)]
            // Its types and codes say little.
            shape.errors = ErrorMap([
                ErrorMap.Rule(.quota, text: "Insufficient Balance"), ErrorMap.Rule(.notFound, text: "Model Not Exist"),
                ErrorMap.Rule(.contentFilter, text: "Content Exists Risk"),
            ])
        }.with { $0.paths = ["chat": "/v1/chat/completions"] },
        Provider(
            "moonshot",
            "Moonshot Kimi",
            "https://api.moonshot.cn/v1",
            keys: "MOONSHOT_API_KEY"
        ) { shape in
            shape.rules = [.clamp("temperature", 0...1), .denyValue("tool_choice", "required")]
            shape.errors = moonshotErrors
        }.with { $0.hasUsageElsewhere = true },
        Provider(
            "moonshot-intl",
            "Moonshot Kimi, international",
            "https://api.moonshot.ai/v1",
            keys: "MOONSHOT_INTL_API_KEY"
        ) { shape in
            shape.rules = [.clamp("temperature", 0...1), .denyValue("tool_choice", "required")]
            shape.errors = moonshotErrors
        }.with { $0.hasUsageElsewhere = true },
        Provider(
            "zhipu",
            "Zhipu",
            "https://open.bigmodel.cn/api/paas/v4",
            keys: "ZHIPUAI_API_KEY",
            "ZHIPU_API_KEY",
            "ZHIPU_PROXY_API_KEY"
        ) { shape in
            shape.asksForUsage = false
            shape.reasoningWords = .thinking
            shape.rules = zhipuRules
            shape.errors = zhipuErrors
        }.with { $0.batchLimit = 64 },
        Provider("zai", "Z.ai", "https://api.z.ai/api/paas/v4", keys: "ZAI_API_KEY") { shape in
            shape.asksForUsage = false
            shape.reasoningWords = .thinking
            shape.rules = zhipuRules
            shape.errors = zhipuErrors
        },
        Provider("baichuan", "Baichuan", "https://api.baichuan-ai.com/v1", keys: "BAICHUAN_API_KEY") { shape in
            shape.asksForUsage = false
            shape.rules = [.clamp("temperature", 0...1)]
            shape.errors = ErrorMap([
                ErrorMap.Rule(.quota, ["insufficient_quota"]),
                ErrorMap.Rule(.quota, text: "Insufficient account balance"),
                ErrorMap.Rule(.badKey, ["invalid_authentication", "api_key_empty"]),
            ])
        }.with { $0.batchLimit = 16 },
        Provider(
            "qianfan",
            "Baidu Qianfan",
            "https://qianfan.baidubce.com/v2",
            keys: "QIANFAN_API_KEY",
            paths: ["rerank": "/rerankers"]
        ) { shape in
            shape.maxTokensName = "max_completion_tokens"
            shape.reasoningWords = .enable
            shape.errors = qianfanErrors
        }.with { $0.batchLimit = 16 },
        spark("spark", "iFlytek Spark", "https://spark-api-open.xf-yun.com/v1"),
        // The family that reasons.
        spark("spark-x", "iFlytek Spark X", "https://spark-api-open.xf-yun.com/v2"),
        Provider(
            "siliconflow",
            "SiliconFlow",
            "https://api.siliconflow.cn/v1",
            keys: "SILICONFLOW_API_KEY",
            paths: ["rerank": "/v1/rerank"]
        ) { shape in
            shape.reasoningWords = .enable
            shape.errors = siliconFlowErrors
        }.with { $0.batchLimit = 32 },
        Provider("minimax", "MiniMax", "https://api.minimax.io/v1", keys: "MINIMAX_API_KEY") { shape in
            shape.rules = [.clamp("temperature", 0.01...1)]
            shape.errors = miniMaxErrors
        }.with {
            $0.hidesErrorsByCode = true
            $0.paths = ["chat": "/v1/chat/completions"]
        },
        Provider(
            "volcengine",
            "Volcengine Doubao",
            "https://ark.cn-beijing.volces.com/api/v3",
            keys: "ARK_API_KEY"
        ) { shape in
            shape.reasoningWords = .thinking
            shape.errors = volcengineErrors
        },
        Provider("hunyuan", "Tencent Hunyuan", "https://api.hunyuan.cloud.tencent.com/v1", keys: "HUNYUAN_API_KEY") {
            $0.errors = hunyuanErrors
        },
        Provider("stepfun", "StepFun", "https://api.stepfun.com/v1", keys: "STEPFUN_API_KEY", "STEP_API_KEY"),
        Provider("yi", "01.AI", "https://api.lingyiwanwu.com/v1", keys: "YI_API_KEY"),
        Provider("gitee", "Gitee AI", "https://ai.gitee.com/v1", keys: "GITEE_API_KEY"),
        Provider(
            "infiniai",
            "Infini AI",
            "https://cloud.infini-ai.com/maas/v1",
            keys: "INFINIAI_API_KEY",
            paths: ["rerank": "/v1/rerank"]
        ),
    ]

    private static func spark(_ name: String, _ title: String, _ base: String) -> Provider {
        Provider(
            name,
            title,
            base,
            keys: "XUNFEI_SPARK_API_KEY",
            "XUNFEI_SPARK_API_PASSWORD",
            "SPARK_API_PASSWORD"
        ) { shape in
            shape.asksForUsage = false
            shape.sendsReasoning = false
            // Calls come as one object unless this is said.
            shape.rules = [
                .preset("tool_calls_switch", true), .drop("stream_options"), .clamp("temperature", 0...2),
                .clamp("top_k", 1...6), .clamp("top_p", 0.000_001...1),
            ]
            shape.errors = SparkErrors.map
        }.with {
            // Calls come without an index and errors with status 200, so its answers are read and written anew.
            $0.dialect = Dialect(rawValue: "spark")
            $0.paths["embedding"] = nil
        }
    }
}
