# SPDX-License-Identifier: MIT
"""The gateways that are measured, the yardstick first."""

from gateways.direct import Direct
from gateways.haproxy import HAProxy
from gateways.litellm import LiteLLM
from gateways.nginx import Nginx
from gateways.sglang_router import SGLangRouter
from gateways.smmf import SMMF


def all_gateways(build, program):
    """One of each; `build` is the folder for what they need, `program` the smmf to measure."""
    return [
        Nginx("nginx", "64k"),
        SMMF("smmf", program),
        Nginx("nginx, 4 KB buffers", "4k"),
        HAProxy(),
        SGLangRouter(f"{build}/sglang-router"),
        LiteLLM(f"{build}/litellm"),
        Direct(),
    ]
