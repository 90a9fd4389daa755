# SPDX-License-Identifier: MIT
"""The Llama architecture. Weights carry Hugging Face's names and shapes, so that exporting them is copying them."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp

Weights = dict[str, jax.Array]


@dataclass(frozen=True)
class Shape:
    vocabulary: int = 1536
    context: int = 1024
    hidden: int = 128
    layers: int = 3
    heads: int = 4
    key_value_heads: int = 2
    head: int = 32  # Some engines have CPU kernels for no smaller one.
    feed_forward: int = 384
    epsilon: float = 1e-5
    rope_base: float = 10000.0


def initial_weights(shape: Shape, seed: int) -> Weights:
    key_value = shape.key_value_heads * shape.head
    query = shape.heads * shape.head
    matrices = {"model.embed_tokens.weight": (shape.vocabulary, shape.hidden)}
    for layer in range(shape.layers):
        prefix = f"model.layers.{layer}."
        matrices |= {
            prefix + "self_attn.q_proj.weight": (query, shape.hidden),
            prefix + "self_attn.k_proj.weight": (key_value, shape.hidden),
            prefix + "self_attn.v_proj.weight": (key_value, shape.hidden),
            prefix + "self_attn.o_proj.weight": (shape.hidden, query),
            prefix + "mlp.gate_proj.weight": (shape.feed_forward, shape.hidden),
            prefix + "mlp.up_proj.weight": (shape.feed_forward, shape.hidden),
            prefix + "mlp.down_proj.weight": (shape.hidden, shape.feed_forward),
        }
    keys = jax.random.split(jax.random.key(seed), len(matrices))
    weights = {name: 0.05 * jax.random.normal(key, size) for (name, size), key in zip(matrices.items(), keys)}
    for layer in range(shape.layers):
        for norm in ("input_layernorm", "post_attention_layernorm"):
            weights[f"model.layers.{layer}.{norm}.weight"] = jnp.ones(shape.hidden)
    weights["model.norm.weight"] = jnp.ones(shape.hidden)
    return weights


def hidden_states(weights: Weights, ids: jax.Array, segments: jax.Array, shape: Shape) -> jax.Array:
    """The last hidden states; a token sees the earlier tokens of its own segment."""
    length = ids.shape[1]
    visible = jnp.tril(jnp.ones((length, length), bool)) & (segments[:, :, None] == segments[:, None, :])
    rotation = _rotation(length, shape)
    x = weights["model.embed_tokens.weight"][ids]
    for layer in range(shape.layers):
        part = lambda name: weights[f"model.layers.{layer}.{name}.weight"]
        x = x + _attention(part, _normed(x, part("input_layernorm"), shape), visible, rotation, shape)
        y = _normed(x, part("post_attention_layernorm"), shape)
        gated = jax.nn.silu(y @ part("mlp.gate_proj").T) * (y @ part("mlp.up_proj").T)
        x = x + gated @ part("mlp.down_proj").T
    return _normed(x, weights["model.norm.weight"], shape)


def _attention(part, x: jax.Array, visible: jax.Array, rotation: tuple, shape: Shape) -> jax.Array:
    rows, length, _ = x.shape
    groups = shape.heads // shape.key_value_heads
    split = lambda name, heads: (x @ part(name).T).reshape(rows, length, heads, shape.head)
    query = _rotated(split("self_attn.q_proj", shape.heads), rotation)
    key = _rotated(split("self_attn.k_proj", shape.key_value_heads), rotation)
    value = split("self_attn.v_proj", shape.key_value_heads)
    query = query.reshape(rows, length, shape.key_value_heads, groups, shape.head)
    scores = jnp.einsum("btkgd,bskd->bkgts", query, key) * shape.head**-0.5
    scores = jax.nn.softmax(jnp.where(visible[:, None, None], scores, -1e9), axis=-1)
    mixed = jnp.einsum("bkgts,bskd->btkgd", scores, value).reshape(rows, length, -1)
    return mixed @ part("self_attn.o_proj").T


def _normed(x: jax.Array, weight: jax.Array, shape: Shape) -> jax.Array:
    return x * jax.lax.rsqrt(jnp.mean(x * x, axis=-1, keepdims=True) + shape.epsilon) * weight


def _rotation(length: int, shape: Shape) -> tuple[jax.Array, jax.Array]:
    half = shape.head // 2
    angles = jnp.arange(length)[:, None] / shape.rope_base ** (jnp.arange(half) / half)
    return jnp.cos(angles)[:, None], jnp.sin(angles)[:, None]


def _rotated(x: jax.Array, rotation: tuple[jax.Array, jax.Array]) -> jax.Array:
    cosine, sine = rotation
    first, second = jnp.split(x, 2, axis=-1)
    return jnp.concatenate([first * cosine - second * sine, second * cosine + first * sine], axis=-1)
