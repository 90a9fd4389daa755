# SPDX-License-Identifier: MIT
"""SMMF, standalone as `smmf serve` runs it."""

import time
from concurrent.futures import ThreadPoolExecutor

from gateways.base import MODEL, Gateway, said, write
from processes import ask, free_ports, post

#: Everything that SMMF can do on a request's way is on. What is on without being asked for needs no line here: routing,
#: health, metrics, the ledger with usage asked of every stream, request ids.
EVERYTHING_ON = """
access_log = {{ path = "{folder}/access.jsonl", sample = 1.0 }}
"""
#: The key that is called with has every kind of limit; none is met.
KEY_LIMITS = {
    "requestsPerMinute": 1_000_000_000,
    "tokensPerMinute": 1_000_000_000,
    "concurrent": 1_000_000,
    "budget": {"tokens": 1_000_000_000_000, "period": "day"},
}


class SMMF(Gateway):
    def __init__(self, name, program, models=None, keys=1):
        """`models` are names with their instances; without them one model has all engines."""
        self.name = name
        self.program = program
        self.models = models
        self.keys = keys
        self.model = list(models)[len(models) // 2] if models else MODEL
        self.control = 0

    def version(self):
        return said(self.program, "version")

    def command(self, folder, port, engines):
        self.control, worker = free_ports(2)
        text = f'[server]\napi = "127.0.0.1:{port}"\ncontrol = "127.0.0.1:{self.control}"\n'
        text += f'worker = "127.0.0.1:{worker}"\ndata = "{folder}/data"\nlog_level = "warning"\n'
        text += EVERYTHING_ON.format(folder=folder)
        for name, instances in (self.models or {MODEL: engines}).items():
            endpoints = ", ".join(f'"http://{instance}"' for instance in instances or engines)
            text += f'\n[[models]]\nname = "{name}"\nendpoints = [{endpoints}]\n'
        return [self.program, "serve", "--config", write(f"{folder}/smmf.toml", text)], {}

    def make_key(self, index):
        status, made = post(self.control, "/v1/keys", {"name": f"k{index}", "limits": KEY_LIMITS})
        if status >= 300:
            raise RuntimeError(f"no key: status {status}, {made}")
        return made["secret"]

    def key(self, port):
        # Keys that are made at the same time are published together.
        with ThreadPoolExecutor(max_workers=min(64, self.keys)) as pool:
            secret = list(pool.map(self.make_key, range(self.keys)))[-1]
        deadline = time.monotonic() + 30
        while ask(port, self.model)[0] != 401 or ask(port, self.model, secret)[0] != 200:
            if time.monotonic() > deadline:
                raise RuntimeError("the API server does not ask for the key that was made")
            time.sleep(0.01)
        return secret
