# SPDX-License-Identifier: MIT
"""What each client says for the same wish."""

import answers

#: A picture of one dot.
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
PNG_SIZE = 70

SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
    "required": ["city", "days"],
    "additionalProperties": False,
}
CLOCK = {"type": "object", "properties": {"zone": {"type": "string"}}, "required": ["zone"]}
SYSTEM = "Be brief."


class Wish:
    """What a request is about."""

    def __init__(self, text, tools=False, image=False, schema=False, stop=None, limit=400, reason=False, turns=()):
        self.text, self.tools, self.image, self.schema = text, tools, image, schema
        self.stop, self.limit, self.reason = stop, limit, reason
        #: An answer with a call, and what the tool said, for the turn after it.
        self.turns = turns


class Dialect:
    """A client's path, its request and its two readers."""

    def __init__(self, name, title, write, whole, stream, lacks=()):
        self.name, self.title, self.write, self.whole, self.stream = name, title, write, whole, stream
        #: Cases that its API has no words for.
        self.lacks = set(lacks)


def chat(model, wish, streams):
    content = wish.text
    if wish.image:
        url = f"data:image/png;base64,{PNG}"
        content = [{"type": "text", "text": wish.text}, {"type": "image_url", "image_url": {"url": url}}]
    messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": content}]
    for name, arguments, identity, result in wish.turns:
        function = {"name": name, "arguments": arguments}
        call = {"id": identity, "type": "function", "function": function}
        messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        messages.append({"role": "tool", "tool_call_id": identity, "content": result})
    body = {"model": model, "messages": messages, "max_tokens": wish.limit}
    if wish.tools:
        body["tools"] = [
            {"type": "function", "function": {"name": "weather", "parameters": SCHEMA}},
            {"type": "function", "function": {"name": "clock", "parameters": CLOCK}},
        ]
    if wish.schema:
        body["response_format"] = {"type": "json_schema", "json_schema": {"name": "place", "schema": SCHEMA}}
    if wish.stop:
        body["stop"] = [wish.stop]
    if wish.reason:
        body["reasoning_effort"] = "low"
    if streams:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    return "/v1/chat/completions", body, {}


def messages(model, wish, streams):
    content = [{"type": "text", "text": wish.text}]
    if wish.image:
        source = {"type": "base64", "media_type": "image/png", "data": PNG}
        content.append({"type": "image", "source": source})
    turns = [{"role": "user", "content": content}]
    for name, arguments, identity, result in wish.turns:
        use = {"type": "tool_use", "id": identity, "name": name, "input": answers.json.loads(arguments)}
        turns.append({"role": "assistant", "content": [use]})
        turns.append({"role": "user", "content": [{"type": "tool_result", "tool_use_id": identity, "content": result}]})
    body = {"model": model, "system": SYSTEM, "messages": turns, "max_tokens": wish.limit, "stream": streams}
    if wish.tools:
        body["tools"] = [{"name": "weather", "input_schema": SCHEMA}, {"name": "clock", "input_schema": CLOCK}]
    if wish.schema:
        body["output_config"] = {"format": {"type": "json_schema", "schema": SCHEMA}}
    if wish.stop:
        body["stop_sequences"] = [wish.stop]
    if wish.reason:
        body |= {"thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 4096}
    return "/v1/messages", body, {"anthropic-version": "2023-06-01", "x-api-key": "unused"}


def responses(model, wish, streams):
    content = [{"type": "input_text", "text": wish.text}]
    if wish.image:
        content.append({"type": "input_image", "image_url": f"data:image/png;base64,{PNG}"})
    items = [{"type": "message", "role": "user", "content": content}]
    for name, arguments, identity, result in wish.turns:
        items.append({"type": "function_call", "call_id": identity, "name": name, "arguments": arguments})
        items.append({"type": "function_call_output", "call_id": identity, "output": result})
    body = {"model": model, "instructions": SYSTEM, "input": items, "max_output_tokens": wish.limit, "store": False}
    if wish.tools:
        body["tools"] = [
            {"type": "function", "name": "weather", "parameters": SCHEMA},
            {"type": "function", "name": "clock", "parameters": CLOCK},
        ]
    if wish.schema:
        body["text"] = {"format": {"type": "json_schema", "name": "place", "schema": SCHEMA}}
    if wish.reason:
        body["reasoning"] = {"effort": "low"}
    if streams:
        body["stream"] = True
    return "/v1/responses", body, {}


def ollama_options(body, wish, streams):
    body["options"] = {"num_predict": wish.limit}
    if wish.stop:
        body["options"]["stop"] = [wish.stop]
    if wish.schema:
        body["format"] = SCHEMA
    if wish.reason:
        body["think"] = True
    body["stream"] = streams
    return body


def ollama_chat(model, wish, streams):
    user = {"role": "user", "content": wish.text}
    if wish.image:
        user["images"] = [PNG]
    turns = [{"role": "system", "content": SYSTEM}, user]
    for name, arguments, _, result in wish.turns:
        function = {"name": name, "arguments": answers.json.loads(arguments)}
        turns.append({"role": "assistant", "content": "", "tool_calls": [{"function": function}]})
        turns.append({"role": "tool", "tool_name": name, "content": result})
    body = {"model": model, "messages": turns}
    if wish.tools:
        body["tools"] = [
            {"type": "function", "function": {"name": "weather", "parameters": SCHEMA}},
            {"type": "function", "function": {"name": "clock", "parameters": CLOCK}},
        ]
    return "/api/chat", ollama_options(body, wish, streams), {}


def ollama_generate(model, wish, streams):
    body = {"model": model, "prompt": wish.text, "system": SYSTEM}
    if wish.image:
        body["images"] = [PNG]
    return "/api/generate", ollama_options(body, wish, streams), {}


def gemini(model, wish, streams):
    parts = [{"text": wish.text}]
    if wish.image:
        parts.append({"inlineData": {"mimeType": "image/png", "data": PNG}})
    contents = [{"role": "user", "parts": parts}]
    for name, arguments, _, result in wish.turns:
        call = {"name": name, "args": answers.json.loads(arguments)}
        contents.append({"role": "model", "parts": [{"functionCall": call}]})
        answer = {"name": name, "response": {"result": result}}
        contents.append({"role": "user", "parts": [{"functionResponse": answer}]})
    config = {"maxOutputTokens": wish.limit}
    body = {"systemInstruction": {"parts": [{"text": SYSTEM}]}, "contents": contents, "generationConfig": config}
    if wish.tools:
        functions = [
            {"name": "weather", "parametersJsonSchema": SCHEMA},
            {"name": "clock", "parametersJsonSchema": CLOCK},
        ]
        body["tools"] = [{"functionDeclarations": functions}]
    if wish.schema:
        config |= {"responseMimeType": "application/json", "responseJsonSchema": SCHEMA}
    if wish.stop:
        config["stopSequences"] = [wish.stop]
    if wish.reason:
        config["thinkingConfig"] = {"includeThoughts": True, "thinkingBudget": 1024}
    method = "streamGenerateContent?alt=sse" if streams else "generateContent"
    return f"/v1beta/models/{model}:{method}", body, {"x-goog-api-key": "unused"}


DIALECTS = [
    Dialect("chat", "OpenAI chat", chat, answers.chat_whole, answers.chat_stream),
    Dialect("messages", "Anthropic messages", messages, answers.messages_whole, answers.messages_stream),
    Dialect(
        "responses", "OpenAI responses", responses, answers.responses_whole, answers.responses_stream, lacks=["stop"]
    ),
    Dialect("ollama", "Ollama chat", ollama_chat, answers.ollama_whole, answers.ollama_stream),
    Dialect(
        "generate",
        "Ollama generate",
        ollama_generate,
        answers.ollama_whole,
        answers.ollama_stream,
        lacks=["tools", "parallel", "result"],
    ),
    Dialect("gemini", "Gemini", gemini, answers.gemini_whole, answers.gemini_stream),
]
