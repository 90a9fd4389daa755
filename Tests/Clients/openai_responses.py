# SPDX-License-Identifier: MIT
"""The official OpenAI client's Responses, unmodified, against an API server: run with its base URL and a model."""

import sys

import openai

from expecting import done, expect, raises


def main(base_url, model):
    client = openai.OpenAI(base_url=base_url, api_key="unused", max_retries=0, timeout=60)

    answer = client.responses.create(model=model, input="Hello!", temperature=0, max_output_tokens=40)
    expect(answer.object == "response" and answer.status in ("completed", "incomplete"), f"{answer}")
    expect(answer.output_text.strip(), "an empty answer")
    expect(answer.model == model, f"the answer is from {answer.model}")
    expect(answer.usage.total_tokens == answer.usage.input_tokens + answer.usage.output_tokens, f"{answer.usage}")

    text, last = [], None
    with client.responses.stream(model=model, input="Hello!", temperature=0, max_output_tokens=40) as stream:
        for event in stream:
            if event.type == "response.output_text.delta":
                text.append(event.delta)
            last = event.type
        final = stream.get_final_response()
    expect(len(text) > 1, "an answer that does not stream")
    expect("".join(text) == answer.output_text == final.output_text, f"the stream says {''.join(text)!r}")
    expect(last in ("response.completed", "response.incomplete"), f"the stream ends with {last}")
    expect(final.usage.output_tokens == answer.usage.output_tokens, f"usage {final.usage} and {answer.usage}")

    turns = client.responses.create(
        model=model,
        instructions="You are brief.",
        input=[
            {"role": "user", "content": "Hello!"},
            {"role": "assistant", "content": "Hi."},
            {"role": "user", "content": [{"type": "input_text", "text": "And?"}]},
        ],
        max_output_tokens=5,
    )
    expect(turns.usage.input_tokens > answer.usage.input_tokens, "the longer conversation counts less")

    # An answer is kept for the next turn, unless the client says otherwise.
    follow = client.responses.create(model=model, input="And?", previous_response_id=answer.id, max_output_tokens=5)
    expect(follow.previous_response_id == answer.id, f"it follows {follow.previous_response_id}")
    expect(
        follow.usage.input_tokens > answer.usage.input_tokens + answer.usage.output_tokens,
        f"the conversation before is missing: {follow.usage}",
    )
    expect(client.responses.retrieve(final.id).output_text == answer.output_text, "another answer was kept")
    client.responses.delete(final.id)
    raises(openai.NotFoundError, "a deleted answer", lambda: client.responses.retrieve(final.id))
    passing = client.responses.create(model=model, input="Hello!", store=False, max_output_tokens=5)
    lost = raises(
        openai.BadRequestError, "an answer that was not kept",
        lambda: client.responses.create(model=model, input="And?", previous_response_id=passing.id),
    )
    expect(lost.param == "previous_response_id", f"{lost.body}")

    unknown = raises(
        openai.NotFoundError, "an unknown model", lambda: client.responses.create(model=model + "x", input="Hello!")
    )
    expect(unknown.code == "model_not_found", f"{unknown.body}")
    missing = raises(
        openai.BadRequestError, "no input", lambda: client.post("/responses", cast_to=object, body={"model": model})
    )
    expect(missing.param == "input", f"{missing.body}")
    done()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
