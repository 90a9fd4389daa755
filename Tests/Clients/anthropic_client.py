# SPDX-License-Identifier: MIT
"""The official Anthropic client, unmodified, against an API server: run with its address and a model that serves."""

import sys

import anthropic

from expecting import done, expect, raises


def main(address, model):
    client = anthropic.Anthropic(base_url=address, api_key="unused", max_retries=0, timeout=60)
    hello = [{"role": "user", "content": "Hello!"}]

    # The client has no word for it, and the API does.
    calm = {"temperature": 0}

    names = [entry.id for entry in client.models.list()]
    expect(model in names, f"{model} is not among the models {names}")

    answer = client.messages.create(model=model, max_tokens=40, messages=hello, extra_body=calm)
    text = "".join(block.text for block in answer.content if block.type == "text")
    expect(answer.type == "message" and answer.role == "assistant", f"{answer}")
    expect(answer.model == model, f"the answer is from {answer.model}")
    expect(text.strip(), "an empty answer")
    expect(answer.stop_reason in ("end_turn", "max_tokens"), f"stopped by {answer.stop_reason}")
    expect(answer.usage.input_tokens > 0 and answer.usage.output_tokens > 0, f"usage {answer.usage}")

    with client.messages.stream(model=model, max_tokens=40, messages=hello, extra_body=calm) as stream:
        pieces = list(stream.text_stream)
        final = stream.get_final_message()
    expect(len(pieces) > 1, "an answer that does not stream")
    expect("".join(pieces) == text, f"the stream says {''.join(pieces)!r} and not {text!r}")
    expect(final.stop_reason == answer.stop_reason, f"the stream stopped by {final.stop_reason}")
    expect(final.usage.output_tokens == answer.usage.output_tokens, f"usage {final.usage} and {answer.usage}")

    counted = client.messages.count_tokens(model=model, messages=hello)
    used = answer.usage.input_tokens + (answer.usage.cache_read_input_tokens or 0)
    expect(counted.input_tokens == used, f"counted {counted.input_tokens}, used {answer.usage}")

    with_system = client.messages.create(
        model=model, max_tokens=5, system="You are brief.", messages=hello + [
            {"role": "assistant", "content": [{"type": "text", "text": "Hi."}]},
            {"role": "user", "content": [{"type": "text", "text": "And?"}]},
        ]
    )
    longer = with_system.usage.input_tokens + (with_system.usage.cache_read_input_tokens or 0)
    expect(longer > used, "the longer conversation counts less")

    unknown = raises(
        anthropic.NotFoundError, "an unknown model",
        lambda: client.messages.create(model=model + "x", max_tokens=5, messages=hello),
    )
    expect(unknown.body["error"]["type"] == "not_found_error" and model in str(unknown), f"{unknown.body}")
    wrong = raises(
        anthropic.BadRequestError, "a wrong role",
        lambda: client.messages.create(model=model, max_tokens=5, messages=[{"role": "king", "content": "x"}]),
    )
    expect(wrong.body["error"]["type"] == "invalid_request_error" and "messages[0]" in str(wrong), f"{wrong.body}")
    raises(
        anthropic.BadRequestError, "no messages",
        lambda: client.messages.create(model=model, max_tokens=5, messages=[]),
    )
    done()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
