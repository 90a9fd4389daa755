# SPDX-License-Identifier: MIT
"""The official Cohere client, unmodified, against an API server: run with its address and a model that reranks."""

import sys

import cohere

from expecting import done, expect, raises


def main(address, model):
    client = cohere.ClientV2(api_key="unused", base_url=address, timeout=60)
    documents = ["Paris is in France.", "Cats sleep.", "Rome is in Italy."]
    answer = client.rerank(model=model, query="Where is Paris?", documents=documents, top_n=2)
    expect(len(answer.results) == 2, f"{answer}")
    expect(answer.results[0].relevance_score >= answer.results[1].relevance_score, "not in order")
    expect(all(0 <= result.index < 3 for result in answer.results), f"{answer}")
    unknown = raises(
        cohere.core.api_error.ApiError, "an unknown model",
        lambda: client.rerank(model=model + "x", query="q", documents=documents),
    )
    expect(unknown.status_code == 404, f"{unknown}")
    done()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
