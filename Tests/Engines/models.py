# SPDX-License-Identifier: MIT
"""Small models for embedding and rerank engines, made by the libraries of the engine's own environment."""

import glob
import os
import subprocess

from fleet import Trouble

MAKE = """
import sys, os
from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizer
import torch
kind, folder = sys.argv[1:]
os.makedirs(folder, exist_ok=True)
letters = [chr(code) for code in range(33, 127)]
words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + letters + ["##" + letter for letter in letters]
with open(f"{folder}/vocab.txt", "w") as file:
    file.write("\\n".join(words) + "\\n")
BertTokenizer(f"{folder}/vocab.txt", model_max_length=512).save_pretrained(folder)
torch.manual_seed(7)
config = BertConfig(vocab_size=len(words), hidden_size=64, num_hidden_layers=2, num_attention_heads=2,
                    intermediate_size=128, num_labels=1)
model = BertModel(config) if kind == "embedder" else BertForSequenceClassification(config)
model.save_pretrained(folder)
if kind == "embedder":
    from sentence_transformers import SentenceTransformer, models
    layer = models.Transformer(folder, max_seq_length=512)
    pooling = models.Pooling(layer.get_word_embedding_dimension())
    SentenceTransformer(modules=[layer, pooling, models.Normalize()]).save(folder + "-sentences")
"""


def make(kind, data, engine):
    """The folder of a model; made where it is not there."""
    folder = f"{data}/models/{kind}"
    wanted = folder + ("-sentences" if kind == "embedder" else "")
    if os.path.exists(f"{wanted}/config.json"):
        return wanted
    python = glob.glob(f"{data}/engines/{engine}/*/bin/python")
    if not python:
        raise Trouble(f"{engine} has no environment in {data}")
    done = subprocess.run(
        [python[0], "-c", MAKE, kind, folder],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
    )
    if done.returncode:
        raise Trouble(f"the {kind} could not be made: {done.stdout.strip().splitlines()[-1]}")
    return wanted


def embedder(data, engine):
    """A sentence embedder with random weights."""
    return make("embedder", data, engine)


def reranker(data, engine):
    """A cross-encoder with random weights."""
    return make("reranker", data, engine)
