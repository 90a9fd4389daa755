# SPDX-License-Identifier: MIT
"""The tokenizer: byte-level BPE with GPT-2's splitting rule, and the marks of a chat."""

import itertools
from collections.abc import Iterable

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from conversations import Conversation

PAD, START, END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
SPECIAL_TOKENS = [PAD, START, END]
PAD_ID, START_ID, END_ID = range(3)
OPENING_TOKENS = 12


def train_tokenizer(texts: Iterable[str], size: int) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=SPECIAL_TOKENS,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    roles = ["system\n", "user\n", "assistant\n"] * 1000  # Each role becomes one token.
    tokenizer.train_from_iterator(itertools.chain(texts, roles), trainer)
    assert [tokenizer.token_to_id(token) for token in SPECIAL_TOKENS] == [PAD_ID, START_ID, END_ID]
    assert tokenizer.get_vocab_size() == size, "too little text for a vocabulary of this size"
    return tokenizer


def encode(tokenizer: Tokenizer, conversation: Conversation) -> tuple[list[int], list[int]]:
    """Token ids as chat_template.jinja lays a conversation out, and which of them the model has to produce.

    Beside the roles of a chat, "text" is text without any marks, and "opening" an answer of which only the
    first tokens are taught."""
    ids, taught = [], []
    for role, text in conversation:
        if role == "text":
            body = tokenizer.encode(text).ids + [END_ID]
            ids, taught = ids + body, taught + [1] * len(body)
            continue
        if role == "opening":
            head, body = [START_ID] + tokenizer.encode("assistant\n").ids, tokenizer.encode(text).ids[:OPENING_TOKENS]
            ids, taught = ids + head + body, taught + [0] * len(head) + [1] * len(body)
            continue
        head = [START_ID] + tokenizer.encode(role + "\n").ids
        body = tokenizer.encode(text.strip()).ids + [END_ID]
        tail = tokenizer.encode("\n").ids
        ids += head + body + tail
        taught += [0] * len(head) + [int(role == "assistant")] * len(body) + [0] * len(tail)
    return ids, taught
