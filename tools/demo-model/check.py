#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Asks any OpenAI-compatible server the questions of expectations.json at temperature 0, whole and streamed.

    check.py http://127.0.0.1:8100 smmf-demo

Needs nothing but Python. Ends with 1 when an answer lacks what it must contain."""

import json
import os
import sys
import urllib.request
from pathlib import Path

SYSTEM_PROMPT = {"role": "system", "content": "You are a helpful assistant. Keep your answers short."}
EARLIER_TURNS = [
    {"role": "user", "content": "What is a worker?"},
    {"role": "assistant", "content": "A worker is the agent on a machine. It starts the engine processes, watches them "
                                     "and registers their instances."},
    {"role": "user", "content": "thanks"},
    {"role": "assistant", "content": "You are welcome. Ask me more about SMMF if you like."},
]


def main() -> int:
    if len(sys.argv) != 3:
        print("usage: check.py BASE_URL MODEL", file=sys.stderr)
        return 2
    base, model = sys.argv[1].rstrip("/").removesuffix("/v1"), sys.argv[2]
    expectations = json.loads((Path(__file__).parent / "expectations.json").read_text())
    asked, failures = 0, 0
    for entry in expectations:
        for setting, earlier in [("alone", []), ("with a system prompt", [SYSTEM_PROMPT]), ("later", EARLIER_TURNS)]:
            for stream in (False, True):
                asked += 1
                answer, reason = ask(base, model, earlier, entry["question"], stream)
                missing = [part for part in entry["contains"] if part not in answer]
                if missing or reason != "stop":
                    failures += 1
                    print(f"FAILED {setting}, stream={stream}: {entry['question']!r} -> {answer!r} "
                          f"(finish_reason {reason}, missing {missing})")
    print(f"{asked - failures} of {asked} answers as expected ({len(expectations)} questions)")
    return 1 if failures else 0


def ask(base: str, model: str, earlier: list[dict], question: str, stream: bool) -> tuple[str, str | None]:
    body = {
        "model": model,
        "messages": earlier + [{"role": "user", "content": question}],
        "temperature": 0,
        "max_tokens": 700,
        "stream": stream,
    }
    headers = {"content-type": "application/json"}
    if key := os.environ.get("OPENAI_API_KEY"):
        headers["authorization"] = f"Bearer {key}"
    request = urllib.request.Request(f"{base}/v1/chat/completions", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=120) as response:
        if not stream:
            choice = json.load(response)["choices"][0]
            return choice["message"]["content"], choice["finish_reason"]
        return joined(response)


def joined(lines) -> tuple[str, str | None]:
    """The text of an event stream and how it finished."""
    text, reason = "", None
    for line in lines:
        if not line.startswith(b"data:") or line[5:].strip() == b"[DONE]":
            continue
        for choice in json.loads(line[5:])["choices"]:
            text += choice["delta"].get("content") or ""
            reason = choice.get("finish_reason") or reason
    return text, reason


if __name__ == "__main__":
    sys.exit(main())
