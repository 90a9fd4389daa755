// SPDX-License-Identifier: MIT

/// Where people get keys.
extension Provider {
    /// The page for keys; nil for servers of one's own.
    public var keyPage: String? { Self.keyPages[name] }

    /// Whether its sites in different regions do not know each other's keys.
    var hasRegions: Bool {
        ["tongyi", "dashscope", "moonshot", "moonshot-intl", "zhipu", "zai", "minimax", "siliconflow"].contains(name)
    }

    private static let keyPages = [
        "openai": "https://platform.openai.com/api-keys",
        "azure": "https://portal.azure.com",
        "azure-deployments": "https://portal.azure.com",
        "azure-foundry": "https://ai.azure.com",
        "vertex": "https://console.cloud.google.com/vertex-ai",
        "vertex-native": "https://console.cloud.google.com/vertex-ai",
        "gemini": "https://aistudio.google.com/apikey",
        "gemini-native": "https://aistudio.google.com/apikey",
        "anthropic": "https://console.anthropic.com/settings/keys",
        "mistral": "https://console.mistral.ai/api-keys",
        "groq": "https://console.groq.com/keys",
        "xai": "https://console.x.ai",
        "together": "https://api.together.ai/settings/api-keys",
        "fireworks": "https://fireworks.ai/account/api-keys",
        "openrouter": "https://openrouter.ai/settings/keys",
        "nvidia": "https://build.nvidia.com",
        "cohere": "https://dashboard.cohere.com/api-keys",
        "jina": "https://jina.ai/api-dashboard",
        "voyage": "https://dashboard.voyageai.com",
        "aimlapi": "https://aimlapi.com/app/keys",
        "bedrock-openai": "https://console.aws.amazon.com/bedrock",
        "bedrock": "https://console.aws.amazon.com/bedrock",
        "ollama-cloud": "https://ollama.com/settings/keys",
        "tongyi": "https://bailian.console.aliyun.com",
        "dashscope": "https://bailian.console.aliyun.com",
        "deepseek": "https://platform.deepseek.com/api_keys",
        "moonshot": "https://platform.moonshot.cn/console/api-keys",
        "moonshot-intl": "https://platform.moonshot.ai/console/api-keys",
        "zhipu": "https://open.bigmodel.cn/usercenter/apikeys",
        "zai": "https://z.ai/manage-apikey/apikey-list",
        "baichuan": "https://platform.baichuan-ai.com",
        "qianfan": "https://console.bce.baidu.com/iam",
        "wenxin": "https://console.bce.baidu.com/qianfan",
        "spark-x": "https://console.xfyun.cn",
        "spark": "https://console.xfyun.cn",
        "siliconflow": "https://cloud.siliconflow.cn/account/ak",
        "minimax": "https://platform.minimax.io",
        "volcengine": "https://console.volcengine.com/ark",
        "hunyuan": "https://console.cloud.tencent.com/hunyuan",
        "stepfun": "https://platform.stepfun.com",
        "yi": "https://platform.lingyiwanwu.com",
        "gitee": "https://ai.gitee.com",
        "infiniai": "https://cloud.infini-ai.com",
    ]
}
