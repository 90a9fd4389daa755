# SPDX-License-Identifier: MIT
"""Writes the model as a GGUF file for llama.cpp, with matrices in Q8_0."""

import json
from pathlib import Path

import gguf
import numpy as np
from tokenizers import Tokenizer

from network import Shape, Weights
from vocabulary import END_ID, PAD_ID, SPECIAL_TOKENS, START_ID

LAYER_NAMES = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def export_gguf(path: Path, weights: Weights, tokenizer: Tokenizer, shape: Shape, template: str) -> None:
    writer = gguf.GGUFWriter(str(path), "llama")
    _add_description(writer, shape)
    _add_tokenizer(writer, tokenizer, template)
    for name, value in sorted(weights.items()):
        _add_tensor(writer, name, np.asarray(value, np.float32), shape)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_description(writer: gguf.GGUFWriter, shape: Shape) -> None:
    writer.add_name("SMMF demo model")
    writer.add_description("A tiny model that shows that SMMF works.")
    writer.add_license("mit")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_vocab_size(shape.vocabulary)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.hidden)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.key_value_heads)
    writer.add_key_length(shape.head)
    writer.add_value_length(shape.head)
    writer.add_rope_dimension_count(shape.head)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_layer_norm_rms_eps(shape.epsilon)


def _add_tokenizer(writer: gguf.GGUFWriter, tokenizer: Tokenizer, template: str) -> None:
    model = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].get)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([
        gguf.TokenType.CONTROL if token in SPECIAL_TOKENS else gguf.TokenType.NORMAL for token in tokens
    ])
    writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]])
    writer.add_bos_token_id(START_ID)
    writer.add_eos_token_id(END_ID)
    writer.add_pad_token_id(PAD_ID)
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(template)


def _add_tensor(writer: gguf.GGUFWriter, name: str, value: np.ndarray, shape: Shape) -> None:
    if name.endswith("q_proj.weight"):
        value = _interleaved(value, shape.heads)
    if name.endswith("k_proj.weight"):
        value = _interleaved(value, shape.key_value_heads)
    if value.ndim == 1:
        writer.add_tensor(_tensor_name(name), value)
        return
    kind = gguf.GGMLQuantizationType.Q8_0
    writer.add_tensor(_tensor_name(name), gguf.quantize(value, kind), raw_dtype=kind)


def _tensor_name(name: str) -> str:
    if not name.startswith("model.layers."):
        return {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight"}[name]
    layer, rest = name.removeprefix("model.layers.").split(".", 1)
    return f"blk.{layer}.{LAYER_NAMES[rest.removesuffix('.weight')]}.weight"


def _interleaved(matrix: np.ndarray, heads: int) -> np.ndarray:
    """llama.cpp rotates neighbouring pairs of a head, Hugging Face its two halves: reorder the rows accordingly."""
    rows, columns = matrix.shape
    return matrix.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)
