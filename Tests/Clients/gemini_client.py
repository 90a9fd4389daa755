# SPDX-License-Identifier: MIT
"""The official Gemini client, unmodified, against an API server: run with its address and a model that serves."""

import sys

from google import genai
from google.genai import errors, types

from expecting import done, expect, raises


def main(address, model):
    client = genai.Client(api_key="unused", http_options=types.HttpOptions(base_url=address, timeout=60_000))
    calm = types.GenerateContentConfig(temperature=0, max_output_tokens=40)

    names = [entry.name for entry in client.models.list()]
    expect(f"models/{model}" in names, f"{model} is not among the models {names}")

    answer = client.models.generate_content(model=model, contents="Hello!", config=calm)
    expect(answer.text and answer.text.strip(), f"{answer}")
    usage = answer.usage_metadata
    expect(usage.prompt_token_count > 0 and usage.candidates_token_count > 0, f"usage {usage}")
    expect(answer.candidates[0].finish_reason in (types.FinishReason.STOP, types.FinishReason.MAX_TOKENS), "no end")

    pieces = list(client.models.generate_content_stream(model=model, contents="Hello!", config=calm))
    expect(len(pieces) > 1, "an answer that does not stream")
    text = "".join(piece.text or "" for piece in pieces)
    expect(text == answer.text, f"the stream says {text!r} and not {answer.text!r}")
    expect(pieces[-1].usage_metadata.candidates_token_count == usage.candidates_token_count, "another usage")

    counted = client.models.count_tokens(model=model, contents="Hello!")
    expect(counted.total_tokens == usage.prompt_token_count, f"counted {counted.total_tokens}, used {usage}")

    unknown = raises(
        errors.ClientError, "an unknown model",
        lambda: client.models.generate_content(model=model + "x", contents="Hello!"),
    )
    expect(unknown.code == 404 and unknown.status == "NOT_FOUND" and model in str(unknown), f"{unknown}")
    done()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
