# SPDX-License-Identifier: MIT
"""Good answers that are written in odd ways or go wrong half-way, in front of one provider of each wire."""

import http.client

from cases import Wrong, text
from dialects import Wish

#: One of each wire, and the clients that ask them: what one says is passed on as it is, or translated.
PLACES = ["openai", "spark", "anthropic", "gemini-native", "dashscope", "wenxin", "bedrock", "ollama-cloud"]
CLIENTS = ["chat", "messages"]
#: The same answer, written otherwise.
HARMLESS = ["split", "tight", "crlf", "comments", "blanks", "mark", "drip", "long-line"]
#: Answers that must end as what they are: a client never takes one for whole.
HARMFUL = ["error-inside", "error-later", "truncated", "close", "reset", "checksum", "bomb"]
FAULTS = HARMLESS + HARMFUL


def model(fault, client, form):
    """Each has a model of its own, as an instance that fails gets no requests for a while."""
    return f"{fault}-{client}-{form}"


def check(world, dialect, fault):
    """One fault, whole and streamed."""
    for streams in (False, True):
        form = "stream" if streams else "whole"
        wish = Wish(f"hello matrix #text #fault:{fault}")
        try:
            answer = world.ask(dialect, wish, streams, model(fault, dialect.name, form))
        except (ValueError, http.client.HTTPException, ConnectionError) as error:
            # It broke off, or is nothing that could be read: nobody takes it for an answer.
            if fault in HARMLESS:
                raise Wrong(f"{form}: {type(error).__name__}: {error}") from error
            continue
        if fault in HARMLESS:
            try:
                text(answer, world)
            except Wrong as wrong:
                raise Wrong(f"{form}: {wrong}") from wrong
        elif answer.status == 200 and not answer.error and answer.ended:
            raise Wrong(f"{form}: the answer looks whole: {answer.raw[-300:]!r}")
    if world.server.poll() is not None:
        raise Wrong(f"smmf ended with {world.server.returncode}")
    return None

