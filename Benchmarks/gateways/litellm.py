# SPDX-License-Identifier: MIT
"""LiteLLM's proxy, in Python; from PyPI, without its database."""

import os

from gateways.base import MODEL, Gateway, package_version, write

DEPLOYMENT = """  - model_name: {model}
    litellm_params: {{model: openai/{model}, api_base: "http://{engine}/v1", api_key: none}}
"""


class LiteLLM(Gateway):
    name = "litellm"
    # One core of it answers a few hundred requests a second.
    most_connections = 64

    def __init__(self, environment):
        self.environment = environment

    def absent(self):
        present = os.path.exists(f"{self.environment}/bin/litellm")
        return None if present else "litellm could not be installed from PyPI"

    def version(self):
        return package_version(self.environment, "litellm")

    def command(self, folder, port, engines):
        text = "model_list:\n" + "".join(DEPLOYMENT.format(model=MODEL, engine=engine) for engine in engines)
        text += "litellm_settings: {telemetry: false}\n"
        path = write(f"{folder}/litellm.yaml", text)
        program = [f"{self.environment}/bin/python", f"{self.environment}/bin/litellm", "--config", path]
        program += ["--host", "127.0.0.1", "--port", str(port), "--num_workers", "1"]
        return program, {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR"}
