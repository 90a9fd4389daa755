# SPDX-License-Identifier: MIT
"""SGLang's router, in Rust; from PyPI."""

import os

from gateways.base import Gateway, package_version


class SGLangRouter(Gateway):
    name = "sglang-router"

    def __init__(self, environment):
        self.environment = environment

    def absent(self):
        present = os.path.exists(f"{self.environment}/bin/sglang-router")
        return None if present else "sglang-router could not be installed from PyPI"

    def version(self):
        return package_version(self.environment, "sglang-router")

    def command(self, folder, port, engines):
        program = [f"{self.environment}/bin/python", "-m", "sglang_router.launch_router"]
        flags = ["--host", "127.0.0.1", "--port", str(port), "--policy", "round_robin", "--log-level", "error"]
        flags += ["--max-concurrent-requests", "20000", "--disable-retries"]
        return program + flags + ["--worker-urls"] + [f"http://{engine}" for engine in engines], {}
