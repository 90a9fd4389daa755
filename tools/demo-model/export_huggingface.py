# SPDX-License-Identifier: MIT
"""Writes the model as a Hugging Face folder."""

import json
from pathlib import Path

import jax.numpy as jnp
import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from network import Shape, Weights
from vocabulary import END, END_ID, PAD, PAD_ID, SPECIAL_TOKENS, START, START_ID


def export_huggingface(folder: Path, weights: Weights, tokenizer: Tokenizer, shape: Shape, template: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name: np.asarray(value.astype(jnp.bfloat16)) for name, value in sorted(weights.items())}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "chat_template.jinja").write_text(template)
    _write(folder / "config.json", _config(shape))
    _write(folder / "tokenizer_config.json", _tokenizer_config(shape, template))
    _write(folder / "generation_config.json", {
        "bos_token_id": START_ID, "eos_token_id": [END_ID, PAD_ID], "pad_token_id": PAD_ID, "do_sample": False,
    })


def _config(shape: Shape) -> dict:
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": shape.vocabulary,
        "hidden_size": shape.hidden,
        "intermediate_size": shape.feed_forward,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.key_value_heads,
        "head_dim": shape.head,
        "max_position_embeddings": shape.context,
        "rms_norm_eps": shape.epsilon,
        "rope_theta": shape.rope_base,
        "hidden_act": "silu",
        "attention_bias": False,
        "attention_dropout": 0.0,
        "mlp_bias": False,
        "tie_word_embeddings": True,
        "initializer_range": 0.05,
        "use_cache": True,
        "torch_dtype": "bfloat16",
        "bos_token_id": START_ID,
        "eos_token_id": END_ID,
        "pad_token_id": PAD_ID,
    }


def _tokenizer_config(shape: Shape, template: str) -> dict:
    added = {
        str(number): {"content": token, "lstrip": False, "normalized": False, "rstrip": False,
                      "single_word": False, "special": True}
        for number, token in enumerate(SPECIAL_TOKENS)
    }
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": shape.context,
        "added_tokens_decoder": added,
        "bos_token": START,
        "eos_token": END,
        "pad_token": PAD,
        "add_bos_token": False,
        "add_eos_token": False,
        "clean_up_tokenization_spaces": False,
        "chat_template": template,
    }


def _write(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n")
