# SPDX-License-Identifier: MIT
"""Trains the network with AdamW on batches of conversations."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp

from network import Shape, Weights, hidden_states, initial_weights


@dataclass(frozen=True)
class Plan:
    steps: int = 1800
    long_every: int = 8  # One step in so many is made on long rows.
    warm_up: int = 40
    peak_rate: float = 4e-3
    weight_decay: float = 0.05
    seed: int = 20261123


def train(shape: Shape, plan: Plan, short: Iterator[dict], long: Iterator[dict]) -> Weights:
    weights = initial_weights(shape, plan.seed)
    first, second = (jax.tree.map(jnp.zeros_like, weights) for _ in range(2))
    started = time.monotonic()
    for step in range(plan.steps):
        batch = next(long if step % plan.long_every == plan.long_every - 1 else short)
        weights, first, second, loss = _step(shape, plan, weights, first, second, batch, step, _rate(plan, step))
        if step % 100 == 99 or step == plan.steps - 1:
            print(f"step {step + 1:4} loss {float(loss):.4f} after {time.monotonic() - started:.0f} s", flush=True)
    return weights


def _rate(plan: Plan, step: int) -> float:
    if step < plan.warm_up:
        return plan.peak_rate * (step + 1) / plan.warm_up
    done = (step - plan.warm_up) / (plan.steps - plan.warm_up)
    return plan.peak_rate * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))


def _loss(weights: Weights, batch: dict, shape: Shape) -> jax.Array:
    states = hidden_states(weights, batch["ids"], batch["segments"], shape)
    logits = states[:, :-1] @ weights["model.embed_tokens.weight"].T
    targets = batch["ids"][:, 1:]
    losses = jax.nn.logsumexp(logits, axis=-1) - jnp.take_along_axis(logits, targets[..., None], axis=-1)[..., 0]
    taught = batch["taught"][:, 1:]
    return jnp.sum(losses * taught) / jnp.sum(taught)


@partial(jax.jit, static_argnums=(0, 1), donate_argnums=(2, 3, 4))
def _step(shape: Shape, plan: Plan, weights: Weights, first: Weights, second: Weights, batch: dict, step, rate):
    loss, slopes = jax.value_and_grad(_loss)(weights, batch, shape)
    norm = jnp.sqrt(sum(jnp.sum(slope * slope) for slope in slopes.values()))
    slopes = jax.tree.map(lambda slope: slope * jnp.minimum(1.0, 1.0 / (norm + 1e-6)), slopes)
    first = jax.tree.map(lambda m, slope: 0.9 * m + 0.1 * slope, first, slopes)
    second = jax.tree.map(lambda v, slope: 0.98 * v + 0.02 * slope * slope, second, slopes)

    def moved(w: jax.Array, m: jax.Array, v: jax.Array) -> jax.Array:
        towards = (m / (1 - 0.9 ** (step + 1))) / (jnp.sqrt(v / (1 - 0.98 ** (step + 1))) + 1e-8)
        return w - rate * (towards + (plan.weight_decay * w if w.ndim == 2 else 0))

    return jax.tree.map(moved, weights, first, second), first, second, loss
