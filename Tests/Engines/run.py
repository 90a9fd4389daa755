#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real engines behind a real `smmf serve`: installs each, serves a model, and uses it as people do.

`make test-engines` runs all; `make test-engines ENGINES=mlx,vllm` runs some. Each engine is reported as run, with its
figures, as skipped, with the reason, or as failed, with what was seen. Ends with 1 when one failed.
"""

import argparse
import os
import shutil
import sys
import time

from fleet import Fleet, Trouble, install
from models import embedder, reranker

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEMO = f"{ROOT}/models/demo"

#: What each engine serves here: the model's kind, its source (a path, or a function that makes one with the engine's
#: environment), the deployment's settings, and what makes it stop early when a client hangs up.
ENGINES = {
    "llama.cpp": [("language", f"{DEMO}/smmf-demo.gguf", "context = 1024\nparallel = 2\nthreads = 1\n")],
    "mlx": [("language", f"{DEMO}/hf", "")],
    "transformers": [("language", f"{DEMO}/hf", "")],
    "fastchat": [("language", f"{DEMO}/hf", "")],
    "vllm": [
        (
            "language",
            f"{DEMO}/hf",
            'context = 1024\narguments = ["--enforce-eager", "--dtype", "bfloat16"]\n'
            'environment = { VLLM_CPU_KVCACHE_SPACE = "1" }\n',
        )
    ],
    "sglang": [("language", f"{DEMO}/hf", "context = 1024\nparallel = 8\n")],
    "infinity": [("embedding", embedder, ""), ("rerank", reranker, "")],
}
#: What cannot be installed from a package index; found on PATH it is left to its user.
ELSEWHERE = {
    "tgi": "text-generation-launcher is on no package index",
    "tensorrt-llm": "it needs an NVIDIA card, and its libraries come from an index of NVIDIA's own",
    "lmdeploy": "it needs an NVIDIA driver",
    "ollama": "its program is on no package index",
    "tei": "text-embeddings-router is on no package index",
}


def check(program, data, name, kind, source, settings):
    """Serves one model on one engine and uses it; returns what was seen, in words."""
    if callable(source):
        source = source(data, name)
    text = f'[[models]]\nname = "m"\nengine = "{name}"\nkind = "{kind}"\nsource = "{source}"\n{settings}'
    with Fleet(program, data, text) as fleet:
        seen = [f"ready in {fleet.wait('ready'):.1f} s"]
        if kind == "embedding":
            seen.append(fleet.embeds())
        elif kind == "rerank":
            seen.append(fleet.reranks())
        else:
            seen += [fleet.chats(), fleet.streams(), fleet.cancels()]
        seen.append(fleet.restarts(kind))
        seen.append(fleet.drains(kind))
        return ", ".join(seen)


def main():
    """Runs the engines that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smmf", default=f"{ROOT}/.build/release/smmf")
    parser.add_argument("--data", default=f"{ROOT}/.build/test-engines")
    parser.add_argument("--engines", default="")
    options = parser.parse_args()
    wanted = [name for name in options.engines.split(",") if name] or [*ENGINES, *ELSEWHERE]
    os.makedirs(options.data, exist_ok=True)
    results = []
    for name in wanted:
        if name in ELSEWHERE:
            results.append((name, "", "skipped", ELSEWHERE[name]))
            continue
        begin = time.monotonic()
        try:
            install(options.smmf, options.data, name)
        except Trouble as trouble:
            results.append((name, "", "skipped", f"it could not be installed here: {trouble}"))
            continue
        took = time.monotonic() - begin
        for kind, source, settings in ENGINES[name]:
            print(f"{name}, {kind}: installed in {took:.0f} s, serving", flush=True)
            try:
                results.append((name, kind, "run", check(options.smmf, options.data, name, kind, source, settings)))
            except Trouble as trouble:
                results.append((name, kind, "FAILED", str(trouble)))
            print(f"{name}, {kind}: {results[-1][2]}: {results[-1][3]}", flush=True)
    width = shutil.get_terminal_size((160, 24)).columns
    print("=" * min(width, 100))
    for name, kind, state, what in results:
        print(f"{name:<13} {kind:<10} {state:<8} {what}")
    failed = sum(state == "FAILED" for _, _, state, _ in results)
    ran = sum(state == "run" for _, _, state, _ in results)
    print(f"{ran} run, {len(results) - ran - failed} skipped, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
