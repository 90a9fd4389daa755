# SPDX-License-Identifier: MIT
"""Runs SMMF beside other gateways and writes what each costs: `make benchmark` calls it."""

import argparse
import json
import os
import subprocess
import sys
import time

import machine
import report
import scale
from gateways import all_gateways
from gateways.smmf import SMMF
from measure import Bench
from processes import GATEWAY_CORE, LOAD_CORE
from workloads import WORKLOADS


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smmf", default=".build/release/smmf", help="the program to measure")
    parser.add_argument("--before", help="an older smmf, to see what a change did")
    parser.add_argument("--load", help="the smmf whose `bench` makes the load (default: the one to measure)")
    parser.add_argument("--build", default=".build/benchmark", help="where the engine and the others' programs are")
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("ROUNDS") or 5))
    parser.add_argument("--seconds", type=int, default=3, help="how long each load is measured")
    parser.add_argument("--gateways", default="", help="only these, separated by commas")
    parser.add_argument("--parts", default="load,streams,start,scale,generators", help="only these parts")
    parser.add_argument("--output", default="docs/benchmarks.md", help="the page to write")
    return parser.parse_args()


class Run:
    """Collects results, and says what goes on."""

    def __init__(self, options):
        self.options = options
        self.parts = options.parts.split(",")
        logs = os.path.abspath(f"{options.build}/logs")
        os.makedirs(logs, exist_ok=True)
        self.program = os.path.abspath(options.smmf)
        load = os.path.abspath(options.load or options.smmf)
        self.bench = Bench(load, os.path.abspath(f"{options.build}/engine"), logs)
        wanted = [name for name in options.gateways.split(",") if name]
        everything = all_gateways(os.path.abspath(options.build), self.program)
        if options.before:
            everything.insert(2, SMMF("smmf before", os.path.abspath(options.before)))
        everything = [gateway for gateway in everything if not wanted or gateway.name in wanted]
        self.absent = {gateway.name: why for gateway in everything if (why := gateway.absent())}
        self.gateways = [gateway for gateway in everything if gateway.name not in self.absent]
        self.results = {
            "machine": machine.describe(),
            "commit": machine.commit(),
            "date": time.strftime("%Y-%m-%d"),
            "rounds": options.rounds,
            "seconds": options.seconds,
            "gateways": [gateway.name for gateway in self.gateways],
            "versions": {gateway.name: gateway.version() for gateway in self.gateways},
            "absent": self.absent,
            "load": [],
            "memory": [],
            "start": [],
            "scale": [],
            "generators": {},
            "failures": [],
        }

    def generators(self):
        """Looks at the load generator itself."""
        try:
            self.results["generators"] = self.bench.generators(self.options.seconds)
        except (RuntimeError, OSError, subprocess.SubprocessError) as error:
            self.results["failures"].append({"part": "generators", "why": str(error)})
        self.save()

    def attempt(self, part, row, body):
        """Keeps what `body` returns, or why it failed: one gateway's fault does not end the run."""
        label = " ".join(str(value) for value in row.values())
        try:
            value = {**row, **body()}
            self.results[part].append(value)
            print(f"{label}: {report.glance(part, value)}", flush=True)
        except (RuntimeError, OSError, subprocess.SubprocessError) as error:
            self.results["failures"].append({"part": part, **row, "why": str(error)})
            print(f"{label}: FAILED, {error}", flush=True)
        self.save()

    def save(self):
        path = f"{self.options.build}/results.json"
        with open(path, "w") as file:
            json.dump(self.results, file, indent=1)

    def round(self, number):
        """Each gateway under each workload, in turn, so that what else the machine does meets all of them."""
        turn = number % len(self.gateways)
        order = self.gateways[turn:] + self.gateways[:turn]
        if "load" in self.parts:
            for workload in WORKLOADS:
                for gateway in order:
                    if workload.connections <= gateway.most_connections:
                        row = {"round": number, "workload": workload.key, "gateway": gateway.name}
                        self.attempt("load", row, lambda g=gateway, w=workload: self.load(g, w))
        if "start" in self.parts:
            for gateway in order:
                if gateway.name != "no gateway":
                    row = {"round": number, "gateway": gateway.name}
                    self.attempt("start", row, lambda g=gateway: self.bench.start(g))

    def load(self, gateway, workload):
        found = self.bench.run(gateway, workload, self.options.seconds)
        return {"cost": workload.cost(found), "report": found}

    def streams(self):
        for count in (4000, machine.most_streams(10_000)):
            for gateway in self.gateways:
                if gateway.name != "no gateway" and count <= gateway.most_connections:
                    row = {"streams": count, "gateway": gateway.name}
                    self.attempt("memory", row, lambda g=gateway, c=count: self.bench.memory(g, c))

    def scale(self):
        for kind, count, gateway, engine, workload in scale.cases(self.program):
            self.attempt(
                "scale",
                {"kind": kind, "count": count},
                lambda g=gateway, e=engine, w=workload: scale.measure(self.bench, g, e, w, self.options.seconds),
            )


def main():
    options = arguments()
    if not {GATEWAY_CORE, LOAD_CORE} <= os.sched_getaffinity(0):
        sys.exit("The benchmark needs cores 0 and 1: one for the gateway, one for load and engine.")
    run = Run(options)
    for name, why in run.absent.items():
        print(f"{name} is left out: {why}", file=sys.stderr)
    for number in range(options.rounds):
        run.round(number)
    if "streams" in run.parts:
        run.streams()
    if "scale" in run.parts:
        run.scale()
    if "generators" in run.parts:
        run.generators()
    page = report.page(run.results, WORKLOADS)
    print("\n" + page)
    os.makedirs(os.path.dirname(options.output) or ".", exist_ok=True)
    with open(options.output, "w") as file:
        file.write(page)


if __name__ == "__main__":
    main()
