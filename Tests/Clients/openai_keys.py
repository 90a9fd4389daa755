# SPDX-License-Identifier: MIT
"""The official OpenAI client with API keys: run with an API server's base URL and any number of SECRET=MODEL=EXPECTED,
where the last is allowed, unknown, forbidden, limited or spent. Prints a line for each: how it ended, the requests left
and the models that the key sees."""

import sys

import openai

ERRORS = {
    "unknown": (openai.AuthenticationError, "invalid_api_key"),
    "forbidden": (openai.PermissionDeniedError, "model_not_allowed"),
    "limited": (openai.RateLimitError, "rate_limit_exceeded"),
    "spent": (openai.RateLimitError, "insufficient_quota"),
}


def ask(base_url, secret, model, expected):
    client = openai.OpenAI(base_url=base_url, api_key=secret, max_retries=0, timeout=60)
    found, left, body = "allowed", "-", None
    try:
        answer = client.chat.completions.with_raw_response.create(
            model=model, max_tokens=5, messages=[{"role": "user", "content": "Hello!"}]
        )
        left = answer.headers.get("x-ratelimit-remaining-requests", "-")
    except openai.APIStatusError as error:
        body = error.body
        found = next(
            (name for name, (kind, code) in ERRORS.items() if type(error) is kind and error.code == code),
            f"{type(error).__name__} {error.code}",
        )
        after = error.response.headers.get("retry-after")
        if found == "limited" and not (after and 0 < int(after) <= 60):
            sys.exit(f"openai client: Retry-After is {after}")
    if found != expected:
        sys.exit(f"openai client: {found}, not {expected}: {body}")
    names = [] if found == "unknown" else [entry.id for entry in client.models.list()]
    print(found, left, ",".join(names))


if __name__ == "__main__":
    for case in sys.argv[2:]:
        ask(sys.argv[1], *case.split("="))
