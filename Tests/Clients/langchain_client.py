# SPDX-License-Identifier: MIT
"""LangChain's client of OpenAI, unmodified, against an API server: run with its base URL and a model that serves."""

import sys

from langchain_openai import ChatOpenAI

from expecting import done, expect


def main(base_url, model):
    chat = ChatOpenAI(model=model, base_url=base_url, api_key="unused", temperature=0, max_tokens=40, max_retries=0)
    answer = chat.invoke("Hello!")
    expect(answer.content.strip(), "an empty answer")
    expect(answer.usage_metadata["output_tokens"] > 0, f"usage {answer.usage_metadata}")
    pieces = list(chat.stream("Hello!"))
    expect(len(pieces) > 1, "an answer that does not stream")
    expect("".join(piece.content for piece in pieces) == answer.content, "the stream says something else")
    both = chat.batch(["Hello!", "Hello!"])
    expect([one.content for one in both] == [answer.content] * 2, "a batch says something else")
    done()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
