#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every client dialect against every provider: a real `smmf serve` in between, and providers that are played.

`make provider-matrix` runs all and writes docs/providers.md; `PROVIDERS=openai,anthropic` takes some, for a look.
Each cell passes, is refused with a reason, or fails; ends with 1 when one fails.
"""

import argparse
import os
import sys
import time

from cases import CASES, ERRORS
from dialects import DIALECTS
from page import write
from vectors import VECTORS
from world import Simulator, names, World

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGE = f"{ROOT}/docs/providers.md"


def main():
    """Runs the providers that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smmf", default=f"{ROOT}/.build/debug/smmf")
    parser.add_argument("--simulator", default=f"{ROOT}/.build/debug/smmf-sim")
    parser.add_argument("--providers", default="")
    options = parser.parse_args()
    known = names(options.smmf)
    wanted = [name for name in options.providers.split(",") if name] or known
    unknown = [name for name in wanted if name not in known]
    if unknown:
        parser.error(f"there is no provider {unknown[0]}; there are {', '.join(known)}")
    begin = time.monotonic()
    results = {}
    with Simulator(options.simulator, wanted) as simulator:
        for name in wanted:
            with World(options.smmf, simulator, name) as world:
                results[name] = world.run(DIALECTS, CASES, ERRORS)
                results[name]["vectors"] = world.vectors(VECTORS)
                for client, row in world.broken(DIALECTS).items():
                    results[name][f"{client}, broken"] = row
            cells = [cell for row in results[name].values() for cell in row.values()]
            failed = [cell for cell in cells if cell.state == "fail"]
            print(f"{name}: {len(cells)} cells, {len(failed)} failed", flush=True)
            for dialect, row in results[name].items():
                for case, cell in row.items():
                    if cell.state == "fail":
                        print(f"  {dialect} {case}: {cell.why}", flush=True)
    if not options.providers:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(write(results, DIALECTS, CASES, ERRORS, VECTORS))
    failed = sum(cell.state == "fail" for rows in results.values() for row in rows.values() for cell in row.values())
    count = sum(len(row) for rows in results.values() for row in rows.values())
    print(f"{count} cells, {failed} failed, in {time.monotonic() - begin:.0f} s")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
