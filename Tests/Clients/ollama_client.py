# SPDX-License-Identifier: MIT
"""The official Ollama client, unmodified, against an API server: run with its address and a model that serves."""

import sys

import ollama

from expecting import done, expect, raises


def main(address, model):
    client = ollama.Client(host=address, timeout=60)
    hello = [{"role": "user", "content": "Hello!"}]
    calm = {"temperature": 0, "num_predict": 40}

    names = [entry.model for entry in client.list().models]
    expect(model in names, f"{model} is not among the models {names}")
    expect(model in [entry.model for entry in client.ps().models], "a model that serves is not running")
    expect("completion" in client.show(model).capabilities, "a language model cannot complete")

    answer = client.chat(model=model, messages=hello, options=calm)
    expect(answer.message.content.strip() and answer.done, f"{answer}")
    expect(answer.done_reason in ("stop", "length"), f"stopped by {answer.done_reason}")
    expect(answer.prompt_eval_count > 0 and answer.eval_count > 0, f"usage {answer}")

    pieces = list(client.chat(model=model, messages=hello, options=calm, stream=True))
    expect(len(pieces) > 2, "a chat that does not stream")
    expect("".join(piece.message.content or "" for piece in pieces) == answer.message.content, "another stream")
    expect(pieces[-1].done and pieces[-1].eval_count == answer.eval_count, f"the end is {pieces[-1]}")

    made = client.generate(model=model, prompt="Hello!", options=calm)
    expect(made.response == answer.message.content, f"generate says {made.response!r}")
    streamed = list(client.generate(model=model, prompt="Hello!", options=calm, stream=True))
    expect("".join(piece.response for piece in streamed) == made.response, "another stream of generate")

    unknown = raises(ollama.ResponseError, "an unknown model", lambda: client.chat(model=model + "x", messages=hello))
    expect(unknown.status_code == 404 and model in unknown.error, f"{unknown.status_code} {unknown.error}")
    lost = raises(ollama.ResponseError, "an unknown model", lambda: client.show(model + "x"))
    expect(lost.status_code == 404, f"{lost.status_code} {lost.error}")
    done()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
