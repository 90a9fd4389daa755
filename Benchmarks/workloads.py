# SPDX-License-Identifier: MIT
"""What is asked of each gateway, and which figure counts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Workload:
    """One kind of load: the flags of `smmf bench`, and whether CPU is counted for each request or for each token."""

    key: str
    title: str
    connections: int
    unit: str
    flags: tuple = ()
    #: Milliseconds between two tokens of a stream; all of them at once when zero.
    pace: int = 0
    #: Used instead of a second of warming up and the seconds that are asked for.
    timing: tuple = ()
    #: What SMMF has to reach, as nginx's CPU over its own.
    target: float = 0.0

    def arguments(self, seconds):
        timing = self.timing or ("--warmup", "1", "--duration", str(seconds))
        return ["--connections", str(self.connections), *self.flags, *timing]

    def cost(self, report):
        """Microseconds of CPU for one unit, or None."""
        return (report.get("server") or {}).get(f"cpu_us_per_{self.unit}")


# Streams of 50 tokens, one every 100 ms, opened evenly over their length, so that they stay spread.
PACED = ("--stream", "--max-tokens", "50")
SPREAD = ("--ramp", "5", "--warmup", "8", "--duration", "8", "--grace", "8")
BURST = ("--stream", "--max-tokens", "64")

WORKLOADS = [
    Workload("json-64", "JSON, 64 connections", 64, "request", target=0.8),
    Workload("json-1024", "JSON, 1,024 connections", 1024, "request", target=0.8),
    Workload("burst-64", "streams in bursts of 64 tokens, 64 connections", 64, "request", BURST, target=1.1),
    Workload("paced-4000", "4,000 streams, a token every 100 ms", 4000, "token", PACED, 100, SPREAD, target=0.7),
]

#: Milliseconds between two tokens of the streams that are held open.
SLOW = 1000


def open_streams(count):
    """Flags that open `count` slow streams and look at the memory while they are open."""
    ramp = max(4, count // 800)
    flags = ["--connections", str(count), "--stream", "--max-tokens", "100000", "--ramp", str(ramp)]
    return flags + ["--warmup", str(ramp + 3), "--duration", "2", "--grace", "0"]
