#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Trains the demo model from nothing and writes models/demo/. Takes no arguments; see README.md."""

import ctypes
import json
import os
import sys
import time
from pathlib import Path

# One thread: the result does not depend on the machine's load, and the machine stays usable. Set before JAX loads.
os.environ.setdefault("NPROC", "1")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

from batches import batches
from conversations import ConversationSource, normalised
from export_gguf import export_gguf
from export_huggingface import export_huggingface
from knowledge import load_knowledge
from network import Shape
from training import Plan, train
from vocabulary import train_tokenizer

HERE = Path(__file__).resolve().parent
OUTPUT = Path(os.environ.get("SMMF_DEMO_MODEL_OUTPUT", HERE.parent.parent / "models" / "demo"))


def keep_freed_memory() -> None:
    """Stops glibc from giving each step's large buffers back to the system: that took 40 % of the training time."""
    if sys.platform == "linux":
        trim_threshold, map_threshold, most_arenas = -1, -3, -8
        for option, value in ((map_threshold, 1 << 30), (trim_threshold, 2**31 - 1), (most_arenas, 1)):
            ctypes.CDLL(None).mallopt(option, value)


def main() -> None:
    started = time.monotonic()
    keep_freed_memory()
    shape, plan, knowledge = Shape(), Plan(), load_knowledge()
    expectations = json.loads((HERE / "expectations.json").read_text())
    held_out = frozenset(normalised(entry["question"]) for entry in expectations if entry.get("heldOut"))
    source = ConversationSource(knowledge, plan.seed, held_out)

    tokenizer = train_tokenizer(knowledge.texts(), shape.vocabulary)
    weights = train(
        shape,
        plan,
        short=batches(tokenizer, source.short_conversations(), rows=8, length=128),
        long=batches(tokenizer, source.long_conversations(), rows=1, length=shape.context),
    )

    template = (HERE / "chat_template.jinja").read_text()
    export_huggingface(OUTPUT / "hf", weights, tokenizer, shape, template)
    export_gguf(OUTPUT / "smmf-demo.gguf", weights, tokenizer, shape, template)
    count = sum(value.size for value in weights.values())
    print(f"{count} parameters, {time.monotonic() - started:.0f} s, written to {OUTPUT}")


if __name__ == "__main__":
    main()
