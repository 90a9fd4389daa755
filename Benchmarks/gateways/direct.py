# SPDX-License-Identifier: MIT
"""No gateway: what the engine and the load generator do alone."""

from gateways.base import Gateway


class Direct(Gateway):
    name = "no gateway"

    def command(self, folder, port, engines):
        return None, {}
