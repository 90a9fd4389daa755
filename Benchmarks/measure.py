# SPDX-License-Identifier: MIT
"""One gateway under one load."""

import json
import os
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass

from gateways.base import find, write
from processes import GATEWAY_CORE, LOAD_CORE, Server, core_busy, free_ports, on_core
from workloads import SLOW, open_streams


@dataclass(frozen=True)
class Running:
    """What is loaded: its process, how to call it, and the seconds from its start to its first answer."""

    server: Server
    port: int
    model: str
    key: str
    seconds: float


class Bench:
    """Runs gateways and the load generator; everything it starts ends with it."""

    def __init__(self, program, engine, logs):
        self.program = program
        self.engine = engine
        self.logs = logs

    @contextmanager
    def running(self, gateway, engine_arguments=None, with_key=True):
        """A gateway in front of an engine with two instances; yields what runs."""
        with tempfile.TemporaryDirectory(prefix="smmf-benchmark-") as folder:
            os.chmod(folder, 0o755)
            *engines, port = free_ports(3)
            log = os.path.join(self.logs, gateway.name.replace(" ", "-").replace(",", ""))
            arguments = engine_arguments or [str(engine) for engine in engines]
            with Server([self.engine, *arguments], LOAD_CORE, f"{log}-engine.log") as engine:
                engine.wait_for_line("ready")
                command, environment = gateway.command(folder, port, [f"127.0.0.1:{number}" for number in engines])
                if command is None:
                    yield Running(engine, engines[0], gateway.model, "benchmark", 0.0)
                    return
                with Server(command, GATEWAY_CORE, f"{log}.log", environment) as server:
                    seconds = server.wait_for_answer(port, gateway.model)
                    yield Running(server, port, gateway.model, gateway.key(port) if with_key else "", seconds)

    def prompts(self, pace):
        """A file of prompts of about 300 bytes, as short questions have. They carry the pace, as they are the one part
        of a request that no gateway touches."""
        line = "Question {} about a river and a bridge, answered at pace-{}: " + "which of both is older? " * 10
        text = "".join(line.format(number, pace) + "\n" for number in range(200))
        return write(os.path.join(self.logs, f"prompts-{pace}.txt"), text)

    def load(self, running, flags, pace=0):
        """Loads what runs; returns the generator's report."""
        server = running.server
        command = [self.program, "bench", "--url", f"http://127.0.0.1:{running.port}", "--model", running.model]
        command += ["--json", "--no-probe", "--prompts", self.prompts(pace)]
        for pid in server.pids():
            command += ["--pid", str(pid)]
        others = core_busy(GATEWAY_CORE) - server.cpu()
        begin = time.monotonic()
        done = subprocess.run(
            command + flags,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=300,
            preexec_fn=on_core(LOAD_CORE),
            env={**os.environ, "SMMF_API_KEY": running.key},
        )
        try:
            report = json.loads(done.stdout)
        except ValueError as error:
            raise RuntimeError(f"the load generator failed: {done.stderr.strip()[-300:]}") from error
        others = core_busy(GATEWAY_CORE) - server.cpu() - others
        report["others"] = max(0.0, others / (time.monotonic() - begin))
        return report

    def generators(self, seconds):
        """Requests a second that this generator, and wrk where there is one, get out of the engine from one core."""
        port = free_ports(1)[0]
        found = {}
        with Server([self.engine, str(port)], GATEWAY_CORE, os.path.join(self.logs, "engine-alone.log")) as engine:
            engine.wait_for_line("ready")
            alone = Running(engine, port, "benchmark", "benchmark", 0.0)
            report = self.load(alone, ["--connections", "64", "--duration", str(seconds)])
            found["smmf bench"] = report["requests_per_second"]
            report = self.load(alone, ["--connections", "64", "--rate", "50000", "--duration", str(seconds)])
            found["smmf bench --rate 50000"] = report["requests_per_second"]
            if wrk := find("wrk"):
                found["wrk"] = self.wrk(wrk, port, seconds)
        return found

    def wrk(self, program, port, seconds):
        script = os.path.join(self.logs, "post.lua")
        body = '{"model":"benchmark","messages":[{"role":"user","content":"' + "x" * 300 + '"}]}'
        write(script, f"wrk.method = 'POST'\nwrk.body = '{body}'\n")
        command = [program, "-t1", "-c64", f"-d{seconds}", "-s", script, f"http://127.0.0.1:{port}/v1/chat/completions"]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, check=True, timeout=60, preexec_fn=on_core(LOAD_CORE)
        )
        line = next(line for line in done.stdout.splitlines() if line.startswith("Requests/sec"))
        return float(line.split(":")[1])

    def run(self, gateway, workload, seconds):
        """A fresh gateway under a workload: its report."""
        with self.running(gateway) as running:
            report = self.load(running, workload.arguments(seconds), workload.pace)
        bad = report["failed"] + report["unfinished"]
        if bad > max(10, report["succeeded"] // 1000):
            raise RuntimeError(f"{bad} requests failed or were not finished: {report['errors']}")
        if workload.pace and report["inter_token"]["p50_ms"] < workload.pace / 2:
            raise RuntimeError("the tokens did not come at their pace, so the streams were not what was asked for")
        return report

    def memory(self, gateway, count):
        """Resident bytes of a fresh gateway before and with so many open streams."""
        with self.running(gateway) as running:
            before = running.server.resident()
            report = self.load(running, open_streams(count), SLOW)
        held = report["tokens_per_second"]
        if not 0.9 < held / count < 1.5:
            raise RuntimeError(f"{held:.0f} tokens a second came where {count} were due: {report['errors']}")
        return {"before": before, "after": report["server"]["rss_bytes_after"], "streams": count}

    def start(self, gateway):
        """Seconds to the first answer, and resident bytes behind it."""
        with self.running(gateway, with_key=False) as running:
            return {"seconds": running.seconds, "resident": running.server.resident()}
