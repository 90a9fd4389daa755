# SPDX-License-Identifier: MIT
"""Embeddings and ranks in every client's words."""

import json

from cases import expect

TEXTS = ["a bridge over a river", "bread and butter"]


def openai(model):
    return "/v1/embeddings", {"model": model, "input": TEXTS}, lambda d: [item["embedding"] for item in d["data"]]


def ollama(model):
    return "/api/embed", {"model": model, "input": TEXTS}, lambda d: d["embeddings"]


def gemini(model):
    requests = [{"model": f"models/{model}", "content": {"parts": [{"text": text}]}} for text in TEXTS]
    path = f"/v1beta/models/{model}:batchEmbedContents"
    return path, {"requests": requests}, lambda d: [item["values"] for item in d["embeddings"]]


def cohere(model):
    body = {"model": model, "texts": TEXTS, "input_type": "search_document", "embedding_types": ["float"]}
    return "/v2/embed", body, lambda d: d["embeddings"]["float"]


def ranks(path):
    """A rerank at a path; the results of both documents."""

    def write(model):
        body = {"model": model, "query": "a river", "documents": TEXTS[::-1]}
        return path, body, lambda d: [(item["index"], item["relevance_score"]) for item in d["results"]]

    return write


def are_vectors(found):
    expect(len(found) == 2 and all(len(vector) == 8 for vector in found), f"the vectors are {found}")
    expect(found[0] != found[1], "both vectors are the same")


def are_ranked(found):
    expect([index for index, _ in found] == [1, 0], f"the ranks are {found}")


#: Name, kind of model, request, check.
VECTORS = [
    ("OpenAI", "embedding", openai, are_vectors),
    ("Ollama", "embedding", ollama, are_vectors),
    ("Gemini", "embedding", gemini, are_vectors),
    ("Cohere", "embedding", cohere, are_vectors),
    ("/v1/rerank", "rerank", ranks("/v1/rerank"), are_ranked),
    ("/v2/rerank", "rerank", ranks("/v2/rerank"), are_ranked),
]


def ask(world, kind, write, check):
    """One request; the words of a refusal, or nothing."""
    path, body, read = write(kind)
    status, content = world.fetch("POST", path, body)
    document = json.loads(content)
    if status == 400:
        error = document.get("error", document)
        message = error.get("message") if isinstance(error, dict) else document.get("message", error)
        if message and world.refuses(message):
            return message
    expect(status == 200, f"{status}: {content[:300]!r}")
    check(read(document))
    return None
