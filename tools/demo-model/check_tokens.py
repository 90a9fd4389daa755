#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the token ids of a llama.cpp server with those of the Hugging Face tokenizer, on every text taught.

    check_tokens.py http://127.0.0.1:PORT MODEL_FOLDER

Needs the `tokenizers` package, and the server itself: a gateway in front of it has no /tokenize."""

import itertools
import json
import sys
import urllib.request
from pathlib import Path

from tokenizers import Tokenizer

from conversations import ConversationSource
from knowledge import load_knowledge

UNUSUAL = [
    "", " ", "  two  spaces ", "tabs\tand\nlines\n\n\nmore\r\n", "don't I'll we've it's he'd I'M", "3.14 1,000 12345",
    "naïve café Straße", "你好,世界", "привет мир", "नमस्ते", "🙂👍🏽", "a_b-c/d\\e x86_64", "<|im_end", "¿qué?", "…—“quotes”",
    "<|im_start|>user\nhi<|im_end|>\n", "\u00a0no-break", "x" * 300,
]


def main() -> int:
    base, folder = sys.argv[1].rstrip("/"), Path(sys.argv[2])
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    knowledge = load_knowledge()
    texts = set(UNUSUAL) | set(knowledge.system) | set(knowledge.unrelated.questions)
    for topic in knowledge.topics:
        texts |= {topic.answer, *topic.questions, *topic.follow_ups}
    source = ConversationSource(knowledge, seed=1)
    for conversation in itertools.islice(source.short_conversations(), 3000):
        texts.update(text for _, text in conversation)
    different = 0
    for text in sorted(texts):
        here, there = tokenizer.encode(text, add_special_tokens=False).ids, tokens_of_server(base, text)
        if here != there:
            different += 1
            print(f"DIFFERENT {text!r}: {here} here, {there} there")
    print(f"{len(texts) - different} of {len(texts)} texts have the same tokens")
    return 1 if different else 0


def tokens_of_server(base: str, text: str) -> list[int]:
    body = json.dumps({"content": text, "add_special": True, "parse_special": True}).encode()
    request = urllib.request.Request(f"{base}/tokenize", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)["tokens"]


if __name__ == "__main__":
    sys.exit(main())
