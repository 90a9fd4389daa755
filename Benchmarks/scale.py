# SPDX-License-Identifier: MIT
"""What a request costs when there are many models, API keys or instances."""

from gateways.smmf import SMMF
from processes import free_ports
from workloads import WORKLOADS, Workload

JSON = WORKLOADS[0]
# Long enough for each instance to have a connection.
MANY = Workload("instances", "", 64, "request", timing=("--warmup", "5", "--duration", "3"))
#: A model has no more instances than this; more of them belong to more models.
INSTANCES = 1000


def cases(program):
    """Each case: its table's row, its count, the gateway, the engine's arguments and the workload."""
    for count in (1, 100, 10_000):
        models = {f"m{index}": None for index in range(count)}
        yield "models", count, SMMF(f"smmf {count} models", program, models), None, JSON
    for count in (1, 100, 10_000):
        yield "keys", count, SMMF(f"smmf {count} keys", program, keys=count), None, JSON
    port = free_ports(1)[0]
    for count in (1, 100, 1000, 10_000):
        hosts = [f"127.1.{index // 250}.{index % 250 + 1}:{port}" for index in range(count)]
        models = {f"m{first}": hosts[first : first + INSTANCES] for first in range(0, count, INSTANCES)}
        yield "instances", count, SMMF(f"smmf {count} instances", program, models), [f"{port}*{count}"], MANY


def measure(bench, gateway, engine_arguments, workload, seconds):
    """The report of one case."""
    with bench.running(gateway, engine_arguments) as running:
        report = bench.load(running, workload.arguments(seconds))
    report["start_seconds"] = running.seconds
    return report
