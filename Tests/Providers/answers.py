# SPDX-License-Identifier: MIT
"""Answers of every client dialect, whole and streamed, read into one form."""

import json


class Answer:
    """What came: text, reasoning, calls, how it ended, what it cost, or an error."""

    def __init__(self, status):
        self.status = status
        self.text = ""
        self.reasoning = ""
        #: Names and arguments of calls, by their place.
        self.calls = {}
        self.finish = None
        self.usage = None
        self.error = None
        #: The error's code or class, in the dialect's words.
        self.code = None
        self.field = None
        #: Whether a stream had the mark that ends it.
        self.ended = False

    def call(self, place, name=None, arguments="", identity=None):
        """Adds to a call."""
        known = self.calls.setdefault(place, {"name": "", "arguments": "", "id": ""})
        known["name"] = known["name"] or name or ""
        known["id"] = known["id"] or identity or ""
        known["arguments"] += arguments if isinstance(arguments, str) else json.dumps(arguments)

    @property
    def called(self):
        """The calls as names and values."""
        return [(call["name"], json.loads(call["arguments"] or "{}")) for _, call in sorted(self.calls.items())]


def events(lines):
    """The data of a stream of events."""
    for line in lines:
        # A mark of the byte order is no part of the first line.
        line = line.removeprefix(b"\xef\xbb\xbf")
        if line.startswith(b"data:"):
            yield line[5:].strip().decode()


def fail(answer, document):
    """Takes an error of any dialect's shape; whether there was one."""
    error = document.get("error") if isinstance(document, dict) else None
    if not error:
        return False
    if isinstance(error, str):
        answer.error = error
    else:
        answer.error = error.get("message") or json.dumps(error)
        answer.code = error.get("code") or error.get("type") or error.get("status")
        answer.field = error.get("param")
    return True


# OpenAI's chat completions


def chat_usage(usage):
    details = usage.get("prompt_tokens_details") or {}
    hidden = usage.get("completion_tokens_details") or {}
    return {
        "prompt": usage["prompt_tokens"],
        "completion": usage["completion_tokens"],
        "cached": details.get("cached_tokens", usage.get("cached_tokens", 0)),
        "reasoning": hidden.get("reasoning_tokens", 0),
    }


def content_text(answer, content):
    """Text, or Mistral's list of parts."""
    if isinstance(content, str):
        answer.text += content
    for part in content if isinstance(content, list) else []:
        if part.get("type") == "thinking":
            answer.reasoning += "".join(piece.get("text", "") for piece in part["thinking"])
        else:
            answer.text += part.get("text", "")


def chat_message(answer, message):
    content_text(answer, message.get("content"))
    answer.reasoning += message.get("reasoning_content") or message.get("reasoning") or ""
    calls = message.get("tool_calls") or []
    for place, call in enumerate(calls if isinstance(calls, list) else [calls]):
        function = call.get("function") or {}
        answer.call(call.get("index", place), function.get("name"), function.get("arguments") or "", call.get("id"))


def chat_whole(answer, document):
    choice = document["choices"][0]
    chat_message(answer, choice["message"])
    answer.finish = choice["finish_reason"]
    answer.usage = chat_usage(document["usage"])
    answer.ended = True


def chat_stream(answer, lines):
    for data in events(lines):
        if data == "[DONE]":
            answer.ended = True
            continue
        document = json.loads(data)
        if fail(answer, document):
            continue
        for choice in document.get("choices") or []:
            chat_message(answer, choice.get("delta") or {})
            answer.finish = choice.get("finish_reason") or answer.finish
        if document.get("usage"):
            answer.usage = chat_usage(document["usage"])


# Anthropic's messages


def messages_usage(usage):
    cached = usage.get("cache_read_input_tokens") or 0
    return {
        "prompt": usage["input_tokens"] + cached + (usage.get("cache_creation_input_tokens") or 0),
        "completion": usage["output_tokens"],
        "cached": cached,
        "reasoning": 0,
    }


def messages_whole(answer, document):
    for place, block in enumerate(document["content"]):
        if block["type"] == "text":
            answer.text += block["text"]
        elif block["type"] == "thinking":
            answer.reasoning += block["thinking"]
        elif block["type"] == "tool_use":
            answer.call(place, block["name"], block["input"], block["id"])
    answer.finish = document["stop_reason"]
    answer.usage = messages_usage(document["usage"])
    answer.ended = True


def messages_stream(answer, lines):
    usage = {}
    for data in events(lines):
        document = json.loads(data)
        kind = document["type"]
        if kind == "error":
            fail(answer, document)
        elif kind == "message_start":
            usage.update({k: v for k, v in document["message"]["usage"].items() if v is not None})
        elif kind == "content_block_start" and document["content_block"]["type"] == "tool_use":
            block = document["content_block"]
            answer.call(document["index"], block["name"], "", block["id"])
        elif kind == "content_block_delta":
            delta = document["delta"]
            answer.text += delta.get("text", "")
            answer.reasoning += delta.get("thinking", "")
            if delta["type"] == "input_json_delta":
                answer.call(document["index"], None, delta["partial_json"])
        elif kind == "message_delta":
            answer.finish = document["delta"]["stop_reason"]
            usage.update({k: v for k, v in (document.get("usage") or {}).items() if v is not None})
        elif kind == "message_stop":
            answer.ended = True
    if "input_tokens" in usage:
        answer.usage = messages_usage(usage)


# OpenAI's responses


def responses_whole(answer, document):
    for place, item in enumerate(document["output"]):
        if item["type"] == "message":
            answer.text += "".join(part.get("text", "") for part in item["content"])
        elif item["type"] == "reasoning":
            parts = (item.get("summary") or []) + (item.get("content") or [])
            answer.reasoning += "".join(part.get("text", "") for part in parts)
        elif item["type"] == "function_call":
            answer.call(place, item["name"], item["arguments"], item["call_id"])
    reason = (document.get("incomplete_details") or {}).get("reason")
    answer.finish = reason or ("tool_calls" if answer.calls else document["status"])
    usage = document.get("usage") or {}
    if usage:
        answer.usage = {
            "prompt": usage["input_tokens"],
            "completion": usage["output_tokens"],
            "cached": (usage.get("input_tokens_details") or {}).get("cached_tokens", 0),
            "reasoning": (usage.get("output_tokens_details") or {}).get("reasoning_tokens", 0),
        }
    answer.ended = True


def responses_stream(answer, lines):
    text = ""
    for data in events(lines):
        document = json.loads(data)
        kind = document["type"]
        if kind == "response.output_text.delta":
            text += document["delta"]
        elif kind in ("response.completed", "response.incomplete"):
            responses_whole(answer, document["response"])
        elif kind == "response.failed":
            fail(answer, document["response"])
        elif kind == "error":
            answer.error, answer.code = document["message"], document.get("code")
    if answer.ended and text != answer.text:
        answer.error = f"the pieces say {text!r} and the whole says {answer.text!r}"


# Ollama's


def ollama_document(answer, document):
    if fail(answer, document):
        return
    message = document.get("message") or {}
    answer.text += message.get("content") or document.get("response") or ""
    answer.reasoning += message.get("thinking") or document.get("thinking") or ""
    for place, call in enumerate(message.get("tool_calls") or []):
        function = call["function"]
        answer.call(len(answer.calls), function["name"], function["arguments"], call.get("id"))
    if document.get("done"):
        answer.ended = True
        answer.finish = "tool_calls" if answer.calls else document.get("done_reason")
        answer.usage = {
            "prompt": document.get("prompt_eval_count", 0),
            "completion": document.get("eval_count", 0),
            "cached": 0,
            "reasoning": 0,
        }


def ollama_whole(answer, document):
    ollama_document(answer, document)


def ollama_stream(answer, lines):
    for line in lines:
        if line.strip():
            ollama_document(answer, json.loads(line))


# Gemini's


def gemini_document(answer, document):
    if fail(answer, document):
        return
    if (document.get("promptFeedback") or {}).get("blockReason"):
        answer.error = document["promptFeedback"]["blockReason"]
    for candidate in document.get("candidates") or []:
        for part in (candidate.get("content") or {}).get("parts") or []:
            if "functionCall" in part:
                call = part["functionCall"]
                answer.call(len(answer.calls), call["name"], call.get("args") or {}, call.get("id"))
            elif part.get("thought"):
                answer.reasoning += part.get("text", "")
            else:
                answer.text += part.get("text", "")
        answer.finish = candidate.get("finishReason") or answer.finish
    usage = document.get("usageMetadata") or {}
    if "promptTokenCount" in usage:
        thoughts = usage.get("thoughtsTokenCount", 0)
        answer.usage = {
            "prompt": usage["promptTokenCount"],
            "completion": usage.get("candidatesTokenCount", 0) + thoughts,
            "cached": usage.get("cachedContentTokenCount", 0),
            "reasoning": thoughts,
        }
    answer.ended = answer.finish is not None


def gemini_whole(answer, document):
    gemini_document(answer, document)


def gemini_stream(answer, lines):
    for data in events(lines):
        gemini_document(answer, json.loads(data))
