// SPDX-License-Identifier: MIT

import SMMFWire

/// OpenAI, Azure, and those that imitate them outside China.
extension ErrorCase {
    static let world = openAIs + azures + mistral + imitators + vectors + local

    private static let openAIs: [ErrorCase] = [
        openAI("openai", 400, "invalid_value", "invalid_request_error", "Invalid value: 'x'.", .badRequest),
        openAI(
            "openai",
            400,
            nil,
            "invalid_request_error",
            "We could not parse the JSON body of your request.",
            .badRequest
        ),
        openAI("openai", 400, "unsupported_parameter", "invalid_request_error", "Unsupported parameter", .badRequest),
        openAI("openai", 400, "unsupported_value", "invalid_request_error", "Unsupported value", .badRequest),
        openAI(
            "openai",
            400,
            "context_length_exceeded",
            "invalid_request_error",
            "This model's maximum context length is 8192 tokens.",
            .contextOverflow
        ),
        openAI(
            "openai",
            400,
            "content_policy_violation",
            "invalid_request_error",
            "rejected by our safety system",
            .contentFilter
        ),
        openAI(
            "openai",
            400,
            "billing_hard_limit_reached",
            "invalid_request_error",
            "Billing hard limit has been reached",
            .quota
        ),
        openAI("openai", 401, "invalid_api_key", "invalid_request_error", "Incorrect API key provided: sk-1.", .badKey),
        openAI(
            "openai",
            401,
            nil,
            "invalid_request_error",
            "You must be a member of an organization to use the API",
            .badKey
        ),
        openAI("openai", 403, "unsupported_country_region_territory", "request_forbidden", "not supported", .denied),
        openAI("openai", 404, "model_not_found", "invalid_request_error", "The model `x` does not exist", .notFound),
        openAI(
            "openai",
            429,
            "rate_limit_exceeded",
            "requests",
            "Rate limit reached for m on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 1.5s.",
            .rateLimit,
            wait: 1500
        ),
        openAI(
            "openai",
            429,
            "rate_limit_exceeded",
            "tokens",
            "Rate limit reached for m on tokens per min. Please try again in 120ms. Visit the page.",
            .rateLimit,
            wait: 120
        ),
        openAI(
            "openai",
            429,
            "rate_limit_exceeded",
            "tokens",
            "Request too large for m on tokens per min (TPM): Limit 30000, Requested 40000.",
            .overRate
        ),
        openAI("openai", 429, "insufficient_quota", "insufficient_quota", "You exceeded your current quota", .quota),
        openAI("openai", 500, nil, "server_error", "The server had an error", .outage),
        ErrorCase("openai", 502, "<html>Bad gateway</html>", .outage),
        openAI("openai", 503, nil, "server_error", "The engine is currently overloaded", .overloaded),
        openAI("openai", 200, nil, "server_error", "The server had an error", .outage),
        openAI("openai", 200, "rate_limit_exceeded", "requests", "Rate limit reached", .rateLimit),
    ]

    private static let azures: [ErrorCase] = [
        ErrorCase(
            "azure",
            400,
            #"{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy.","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"sexual":{"filtered":true,"severity":"high"}}}}}"#,
            .contentFilter
        ),
        ErrorCase(
            "azure",
            400,
            #"{"error":{"code":"400","message":"filtered","innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#,
            .contentFilter
        ),
        openAI("azure", 400, "context_length_exceeded", "invalid_request_error", "too long", .contextOverflow),
        bare("azure", 401, "401", "Access denied due to invalid subscription key or wrong API endpoint.", .badKey),
        ErrorCase("azure", 401, #"{"statusCode":401,"message":"Unauthorized. Access token is missing."}"#, .badKey),
        bare("azure", 403, "403", "Access denied due to Virtual Network/Firewall rules.", .denied),
        bare("azure", 404, "DeploymentNotFound", "The API deployment for this resource does not exist.", .notFound),
        bare("azure", 404, "404", "Resource not found", .notFound),
        ErrorCase(
            "azure",
            429,
            #"{"error":{"code":"429","message":"Requests to the ChatCompletions_Create Operation have exceeded token rate limit of your quota. Please retry after 6 seconds."}}"#,
            .rateLimit,
            wait: 6000
        ),
        bare("azure", 500, "InternalServerError", "Backend returned unexpected response.", .outage),
        openAI("azure", 200, "content_filter", nil, "The response was filtered", .contentFilter),
        bare("azure", 200, "429", "exceeded token rate limit", .rateLimit),
    ]

    private static let mistral: [ErrorCase] = [
        ErrorCase(
            "mistral",
            400,
            #"{"object":"error","message":"Tool call id was abc but must be a-z, A-Z, 0-9, with a length of 9.","type":"invalid_function_call","param":null,"code":"3280","raw_status_code":400}"#,
            .badRequest
        ),
        ErrorCase(
            "mistral",
            400,
            #"{"object":"error","message":"Invalid model: x","type":"invalid_model","param":null,"code":"1500"}"#,
            .notFound
        ),
        ErrorCase(
            "mistral",
            400,
            #"{"object":"error","message":"Prompt contains 40000 tokens, too large for model with 32768 maximum context length","type":"invalid_request_error","param":null,"code":"3051"}"#,
            .contextOverflow
        ),
        ErrorCase("mistral", 401, #"{"detail":"Unauthorized"}"#, .badKey),
        ErrorCase("mistral", 401, #"{"message":"Unauthorized","request_id":"r"}"#, .badKey),
        ErrorCase(
            "mistral",
            422,
            #"{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"],"msg":"Extra inputs are not permitted","input":32000}]},"type":"invalid_request_error","param":null,"code":null}"#,
            .badRequest
        ),
        ErrorCase(
            "mistral",
            429,
            #"{"object":"error","message":"Rate limit exceeded","type":"rate_limited","param":null,"code":"1300"}"#,
            .rateLimit
        ),
        ErrorCase("mistral", 429, #"{"message":"Requests rate limit exceeded"}"#, .rateLimit),
        ErrorCase(
            "mistral",
            503,
            #"{"object":"error","message":"Service unavailable.","type":"internal_server_error"}"#,
            .overloaded
        ),
        ErrorCase(
            "mistral",
            200,
            #"{"object":"error","message":"Rate limit exceeded","type":"rate_limited","code":"1300"}"#,
            .rateLimit
        ),
    ]

    private static let imitators: [ErrorCase] = [
        openAI("groq", 401, "invalid_api_key", "invalid_request_error", "Invalid API Key", .badKey),
        openAI(
            "groq",
            429,
            "rate_limit_exceeded",
            "tokens",
            "Rate limit reached for model `m` on tokens per minute (TPM). Please try again in 7.66s. Need more tokens?",
            .rateLimit,
            wait: 7660
        ),
        openAI("groq", 413, "rate_limit_exceeded", "tokens", "Request too large for model `m`", .overRate),
        openAI("groq", 498, "capacity_exceeded", "flex", "Flex tier capacity exceeded", .overloaded),
        openAI(
            "groq",
            400,
            "context_length_exceeded",
            "invalid_request_error",
            "Please reduce the length",
            .contextOverflow
        ),
        ErrorCase(
            "xai",
            400,
            #"{"code":"Client specified an invalid argument","error":"Incorrect API key provided: sk."}"#,
            .badKey
        ),
        ErrorCase(
            "xai",
            403,
            #"{"code":"The caller does not have permission","error":"Your team has used all available credits"}"#,
            .quota
        ),
        ErrorCase(
            "xai",
            404,
            #"{"code":"Some requested entity was not found","error":"The model x does not exist"}"#,
            .notFound
        ),
        ErrorCase("xai", 429, #"{"code":"Some resource has been exhausted","error":"Too many requests"}"#, .rateLimit),
        openAI("together", 401, "invalid_api_key", "invalid_request_error", "Invalid API key provided.", .badKey),
        openAI("together", 402, "credit_limit", "credit_limit", "Credit limit exceeded", .quota),
        openAI("together", 429, nil, "rate_limit", "You have reached the rate limit", .rateLimit),
        openAI(
            "together",
            403,
            nil,
            "invalid_request_error",
            "`inputs` tokens + `max_new_tokens` must be <= 8193",
            .contextOverflow
        ),
        openAI("together", 503, nil, "service_unavailable", "The server is overloaded or not ready yet.", .overloaded),
        openAI("fireworks", 412, nil, "error", "Account x is suspended", .quota),
        openAI("fireworks", 404, "NOT_FOUND", "error", "Model not found, inaccessible, and/or not deployed", .notFound),
        openAI(
            "openrouter",
            400,
            "400",
            nil,
            "This endpoint's maximum context length is 8192 tokens.",
            .contextOverflow
        ),
        openAI("openrouter", 401, "401", nil, "No auth credentials found", .badKey),
        openAI("openrouter", 402, "402", nil, "Insufficient credits.", .quota),
        openAI(
            "openrouter",
            403,
            "403",
            nil,
            "Your chosen model requires moderation and your input was flagged",
            .contentFilter
        ),
        openAI("openrouter", 408, "408", nil, "Your request timed out", .outage),
        openAI("openrouter", 429, "429", nil, "Rate limit exceeded: free-models-per-min.", .rateLimit),
        openAI("openrouter", 502, "502", nil, "Provider returned error", .outage),
        openAI("openrouter", 503, "503", nil, "There is no available model provider", .overloaded),
        openAI("openrouter", 200, "502", nil, "Provider disconnected", .outage),
        openAI("openrouter", 200, "429", nil, "Rate limit exceeded", .rateLimit),
        openAI("openrouter", 200, "402", nil, "Insufficient credits", .quota),
        ErrorCase("nvidia", 401, #"{"status":401,"title":"Unauthorized","detail":"Authentication failed"}"#, .badKey),
        ErrorCase(
            "nvidia",
            402,
            #"{"status":402,"title":"Payment Required","detail":"Cloud credits expired"}"#,
            .quota
        ),
        ErrorCase(
            "nvidia",
            404,
            #"{"status":404,"title":"Not Found","detail":"Function 'f': Not found for account"}"#,
            .notFound
        ),
        ErrorCase("nvidia", 429, #"{"status":429,"title":"Too Many Requests"}"#, .rateLimit),
    ]

    private static let vectors: [ErrorCase] = [
        ErrorCase(
            "cohere",
            400,
            #"{"message":"too many tokens: total number of tokens in the prompt cannot exceed 4081"}"#,
            .contextOverflow
        ),
        ErrorCase("cohere", 401, #"{"message":"invalid api token"}"#, .badKey),
        ErrorCase("cohere", 402, #"{"message":"Please add or update your payment method"}"#, .quota),
        ErrorCase("cohere", 404, #"{"message":"model 'x' not found"}"#, .notFound),
        ErrorCase(
            "cohere",
            429,
            #"{"message":"You are using a Trial key, which is limited to 40 API calls / minute."}"#,
            .rateLimit
        ),
        ErrorCase("cohere", 499, #"{"message":"request cancelled by user"}"#, .outage),
        ErrorCase("jina", 401, #"{"detail":"Unauthorized"}"#, .badKey),
        ErrorCase("jina", 402, #"{"detail":"Account balance not enough to run this query, please recharge."}"#, .quota),
        ErrorCase("jina", 422, #"{"detail":[{"loc":["body","input"],"msg":"field required"}]}"#, .badRequest),
        ErrorCase("jina", 429, #"{"detail":"Rate limit exceeded"}"#, .rateLimit),
        ErrorCase("voyage", 401, #"{"detail":"Provided API key is invalid."}"#, .badKey),
        ErrorCase("voyage", 403, #"{"detail":"The IP address is not allowed."}"#, .denied),
        ErrorCase(
            "voyage",
            429,
            #"{"detail":"You have not yet added your payment method and are limited to 3 RPM."}"#,
            .rateLimit
        ),
    ]

    private static let local: [ErrorCase] = [
        ErrorCase(
            "vllm",
            400,
            #"{"object":"error","message":"This model's maximum context length is 4096 tokens.","type":"BadRequestError","param":null,"code":400}"#,
            .contextOverflow
        ),
        ErrorCase(
            "vllm",
            404,
            #"{"error":{"message":"The model `x` does not exist.","type":"NotFoundError","code":404}}"#,
            .notFound
        ),
        openAI(
            "llama-server",
            400,
            "400",
            "exceed_context_size_error",
            "the request exceeds the available context size",
            .contextOverflow
        ),
        openAI("llama-server", 401, "401", "authentication_error", "Invalid API Key", .badKey),
        openAI("llama-server", 503, "503", "unavailable_error", "Loading model", .overloaded),
        openAI("ollama", 404, nil, "not_found_error", "model 'x' not found", .notFound),
        ErrorCase("ollama-cloud", 401, #"{"error":"unauthorized"}"#, .badKey),
        ErrorCase("ollama-cloud", 403, #"{"error":"this model requires a subscription"}"#, .denied),
        ErrorCase("ollama-cloud", 404, #"{"error":"model 'x' not found"}"#, .notFound),
        ErrorCase("ollama-cloud", 429, #"{"error":"you have reached your weekly usage limit"}"#, .quota),
        ErrorCase("ollama-cloud", 429, #"{"error":"too many concurrent requests"}"#, .rateLimit),
        ErrorCase(
            "ollama-cloud",
            503,
            #"{"error":"server busy, please try again.  maximum pending requests exceeded"}"#,
            .overloaded
        ),
        ErrorCase("ollama-cloud", 500, #"{"error":"llama runner process has terminated"}"#, .outage),
        ErrorCase("ollama-cloud", 200, #"{"error":"an error was encountered while running the model"}"#, .outage),
    ]
}
