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

from fleet import Fleet, Trouble, engines, install
from models import embedder, reranker

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEMO = f"{ROOT}/models/demo"

#: A language model in the layout of Hugging Face.
DEMO_MODEL = f"{DEMO}/hf"
#: What each engine serves here: the model's kind, its source (a path, or a function that makes one with the environment
#: of an engine that is named), and the deployment's settings.
ENGINES = {
    "llama.cpp": [("language", f"{DEMO}/smmf-demo.gguf", "context = 1024\nparallel = 2\nthreads = 1\n")],
    "mlx": [("language", DEMO_MODEL, "")],
    "transformers": [("language", DEMO_MODEL, "")],
    "fastchat": [("language", DEMO_MODEL, "")],
    "vllm": [
        (
            "language",
            DEMO_MODEL,
            'context = 1024\narguments = ["--enforce-eager", "--dtype", "bfloat16"]\n'
            'environment = { VLLM_CPU_KVCACHE_SPACE = "1" }\n',
        )
    ],
    "sglang": [("language", DEMO_MODEL, "context = 1024\nparallel = 8\n")],
    "infinity": [("embedding", embedder, ""), ("rerank", reranker, "")],
    "tgi": [("language", DEMO_MODEL, "context = 1024\n")],
    "tensorrt-llm": [("language", DEMO_MODEL, "context = 1024\n")],
    "lmdeploy": [("language", DEMO_MODEL, "context = 1024\n")],
    "ollama": [("language", os.environ.get("OLLAMA_MODEL", "smollm2:135m"), "context = 1024\n")],
    "tei": [("embedding", embedder, ""), ("rerank", reranker, "")],
}
#: Whose libraries make the models that are made.
MAKER = "infinity"
#: Why an engine is used where it is found on PATH and not installed here.
ELSEWHERE = {
    "tgi": "it is on no package index",
    "tensorrt-llm": "it needs an NVIDIA card, and its libraries come from an index of NVIDIA's own",
    "ollama": "it is on no package index",
    "tei": "it is on no package index",
}
#: Engines of a package index that do not start without an NVIDIA driver.
NEEDS_DRIVER = {"lmdeploy"}


def obtain(options, name):
    """Sees to it that an engine can be started; raises with the reason where it cannot be had here."""
    engine = engines(options.smmf, options.data)[name]
    if engine["state"] == "found":
        return f"found at {engine['place']}"
    if name in ELSEWHERE:
        raise Trouble(f"{ELSEWHERE[name]}. {engine.get('nextStep', '')}")
    if name in NEEDS_DRIVER and not os.path.exists("/dev/nvidiactl"):
        raise Trouble("it needs an NVIDIA driver, and there is none")
    begin = time.monotonic()
    install(options.smmf, options.data, name)
    return f"installed in {time.monotonic() - begin:.0f} s"


def model(options, source):
    """A model's path; one that is made needs an engine that brings the libraries for it."""
    if not callable(source):
        return source
    install(options.smmf, options.data, MAKER)
    return source(options.data, MAKER)


def check(program, data, name, kind, source, settings):
    """Serves one model on one engine and uses it; returns what was seen, in words."""
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
    wanted = [name for name in options.engines.split(",") if name] or list(ENGINES)
    unknown = [name for name in wanted if name not in ENGINES]
    if unknown:
        parser.error(f"there is no engine {unknown[0]} here; there are {', '.join(ENGINES)}")
    os.makedirs(options.data, exist_ok=True)
    untried = sorted(set(engines(options.smmf, options.data)) - set(ENGINES) - {"openai-compatible"})
    results = [(name, "", "FAILED", "Tests/Engines/run.py has no model for it") for name in untried]
    for name in wanted:
        try:
            how = obtain(options, name)
        except Trouble as trouble:
            results.append((name, "", "skipped", str(trouble)))
            print(f"{name}: skipped: {trouble}", flush=True)
            continue
        for kind, source, settings in ENGINES[name]:
            print(f"{name}, {kind}: {how}, serving", flush=True)
            try:
                path = model(options, source)
            except Trouble as trouble:
                results.append((name, kind, "skipped", f"there is no model for it: {trouble}"))
                continue
            try:
                results.append((name, kind, "run", check(options.smmf, options.data, name, kind, path, settings)))
            except Trouble as trouble:
                results.append((name, kind, "FAILED", str(trouble)))
            except Exception as error:  # Whatever an engine answers is its own result, and not the end of the others'.
                results.append((name, kind, "FAILED", f"{type(error).__name__}: {error}"))
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
