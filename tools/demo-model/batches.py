# SPDX-License-Identifier: MIT
"""Packs encoded conversations into rows of one length. Conversations in a row do not see each other."""

from collections.abc import Iterator

import numpy as np
from tokenizers import Tokenizer

from conversations import Conversation
from vocabulary import PAD_ID, encode


def batches(tokenizer: Tokenizer, source: Iterator[Conversation], rows: int, length: int) -> Iterator[dict]:
    """Endless batches of `ids`, `taught` (1 where the model must produce the token) and `segments`."""
    waiting = None
    while True:
        batch = {
            "ids": np.full((rows, length), PAD_ID, np.int32),
            "taught": np.zeros((rows, length), np.float32),
            "segments": np.zeros((rows, length), np.int32),
        }
        for row in range(rows):
            used, segment = 0, 1
            while True:
                ids, taught = waiting or encode(tokenizer, next(source))
                waiting = None
                if len(ids) > length:
                    continue
                if used + len(ids) > length:
                    waiting = (ids, taught)
                    break
                place = slice(used, used + len(ids))
                batch["ids"][row, place] = ids
                batch["taught"][row, place] = taught
                batch["taught"][row, used] = 0  # Nothing precedes the first token.
                batch["segments"][row, place] = segment
                used, segment = used + len(ids), segment + 1
        yield batch
