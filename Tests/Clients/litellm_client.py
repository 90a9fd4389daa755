# SPDX-License-Identifier: MIT
"""LiteLLM as a client in three dialects, unmodified, against an API server: run with its address and a model."""

import os
import sys

# It would fetch its prices otherwise.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm  # noqa: E402

from expecting import done, expect, raises  # noqa: E402

litellm.suppress_debug_info = True


def main(address, model):
    hello = [{"role": "user", "content": "Hello!"}]
    texts = {}
    for dialect, base in [("openai", f"{address}/v1"), ("anthropic", address), ("ollama_chat", address)]:
        asked = {
            "model": f"{dialect}/{model}", "api_base": base, "api_key": "unused", "messages": hello,
            "temperature": 0, "max_tokens": 40, "num_retries": 0, "timeout": 60,
        }
        answer = litellm.completion(**asked)
        texts[dialect] = answer.choices[0].message.content
        expect(answer.usage.completion_tokens > 0, f"{dialect}: usage {answer.usage}")
        pieces = [chunk.choices[0].delta.content or "" for chunk in litellm.completion(**asked, stream=True)]
        expect("".join(pieces) == texts[dialect], f"{dialect}: the stream says {''.join(pieces)!r}")
    expect(len(set(texts.values())) == 1, f"the dialects say different things: {texts}")
    raises(
        litellm.NotFoundError, "an unknown model",
        lambda: litellm.completion(
            model=f"openai/{model}x", api_base=f"{address}/v1", api_key="unused", messages=hello, num_retries=0
        ),
    )
    done()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
