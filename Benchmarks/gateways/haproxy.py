# SPDX-License-Identifier: MIT
"""HAProxy as a plain HTTP proxy on one thread."""

from gateways.base import Gateway, find, said, write

CONFIGURATION = """
global
    nbthread 1
    maxconn {connections}
defaults
    mode http
    maxconn {connections}
    option http-keep-alive
    http-reuse always
    option http-no-delay
    timeout connect 5s
    timeout client 600s
    timeout server 600s
    timeout http-keep-alive 75s
frontend clients
    bind 127.0.0.1:{port} backlog 4096
    default_backend engines
backend engines
    balance roundrobin
{servers}
"""


class HAProxy(Gateway):
    name = "haproxy"

    def absent(self):
        return None if find("haproxy") else "haproxy is not installed"

    def version(self):
        return said(find("haproxy"), "-v")

    def command(self, folder, port, engines):
        import resource

        servers = "\n".join(f"    server e{index} {engine}" for index, engine in enumerate(engines))
        # Two files for each connection, and a few of its own.
        connections = (resource.getrlimit(resource.RLIMIT_NOFILE)[1] - 60) // 2
        text = CONFIGURATION.format(port=port, servers=servers, connections=connections)
        return [find("haproxy"), "-q", "-f", write(f"{folder}/haproxy.cfg", text)], {}
