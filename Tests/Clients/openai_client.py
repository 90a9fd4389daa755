# SPDX-License-Identifier: MIT
"""The official OpenAI client, unmodified, against an API server: run with its base URL and a model that serves."""

import sys

import openai


def expect(condition, what):
    if not condition:
        sys.exit(f"openai client: {what}")


def raises(kind, what, call):
    try:
        call()
    except kind as error:
        return error
    except Exception as error:  # noqa: BLE001
        sys.exit(f"openai client: {what} raised {type(error).__name__}, not {kind.__name__}: {error}")
    sys.exit(f"openai client: {what} raised nothing, not {kind.__name__}")


def main(base_url, model):
    client = openai.OpenAI(base_url=base_url, api_key="unused", max_retries=0, timeout=60)
    hello = [{"role": "user", "content": "Hello!"}]

    names = [entry.id for entry in client.models.list()]
    expect(model in names, f"{model} is not among the models {names}")
    expect(client.models.retrieve(model).id == model, "a model cannot be retrieved")

    answer = client.chat.completions.create(model=model, messages=hello, temperature=0)
    expect(answer.choices[0].message.content.strip(), "an empty answer")
    expect(answer.usage.completion_tokens > 0, "no usage")
    expect(answer.model == model, f"the answer is from {answer.model}")

    pieces, usage, finish = [], None, None
    with client.chat.completions.create(
        model=model, messages=hello, temperature=0, stream=True, stream_options={"include_usage": True}
    ) as stream:
        for chunk in stream:
            if chunk.choices:
                pieces.append(chunk.choices[0].delta.content or "")
                finish = chunk.choices[0].finish_reason or finish
            usage = chunk.usage or usage
    expect("".join(pieces).strip() == answer.choices[0].message.content.strip(), "the stream says something else")
    expect(finish == "stop", f"the stream finished with {finish}")
    expect(usage and usage.total_tokens == usage.prompt_tokens + usage.completion_tokens, f"usage {usage}")

    completion = client.completions.create(model=model, prompt="Hello", max_tokens=4, temperature=0)
    expect(completion.choices[0].text is not None, "a completion without text")
    streamed = list(client.completions.create(model=model, prompt="Hello", max_tokens=4, temperature=0, stream=True))
    expect(len(streamed) > 1, "a completion that does not stream")

    # Each class of error is an exception of its own.
    unknown = raises(
        openai.NotFoundError, "an unknown model",
        lambda: client.chat.completions.create(model=model + "x", messages=hello),
    )
    expect(model in str(unknown), f"the error does not name the nearest model: {unknown}")
    expect(unknown.code == "model_not_found" and unknown.param == "model", f"{unknown.body}")
    empty = raises(
        openai.BadRequestError, "empty messages", lambda: client.chat.completions.create(model=model, messages=[])
    )
    expect(empty.param == "messages", f"{empty.body}")
    raises(
        openai.BadRequestError, "a wrong type",
        lambda: client.chat.completions.create(model=model, messages=hello, extra_body={"stream": "yes"}),
    )
    raises(
        openai.APIStatusError, "a wrong path", lambda: client.post("/nowhere", cast_to=object, body={}),
    )
    large = raises(
        openai.APIStatusError, "a body over the limit",
        lambda: client.chat.completions.create(
            model=model, messages=[{"role": "user", "content": "x" * (33 * 1024 * 1024)}]
        ),
    )
    expect(large.status_code == 413, f"a large body answers {large.status_code}")
    wrong = raises(
        openai.APIStatusError, "a wrong method",
        lambda: client.get("/chat/completions", cast_to=object),
    )
    expect(wrong.status_code == 405, f"a wrong method answers {wrong.status_code}")

    # After all these errors the next request is served as before.
    again = client.chat.completions.create(model=model, messages=hello, temperature=0)
    expect(again.choices[0].message.content == answer.choices[0].message.content, "another answer after errors")
    print("openai client: ok")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
