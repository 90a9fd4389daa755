# SPDX-License-Identifier: MIT
"""The page and the table that a person reads."""

from statistics import median

YARDSTICK = "nginx"

METHOD = """# Benchmarks

Written by `make benchmark`, which installs what it needs and measures everything on this page again; with `ROUNDS=1` it
takes a quick look.

The gateway is pinned to core 0. The load (`smmf bench`) and the engine (`Benchmarks/engine`, a single-threaded program
in C that costs next to nothing) share core 1. Each measurement has a fresh gateway in front of two instances. Rounds
are interleaved: in each one every gateway meets every workload, in turn. Figures are medians over the rounds. Prompts
have about 300 bytes, answers in one piece about 600.

The main figure is the **gateway's CPU time for one request or token**, from the kernel's accounting of its threads over
the measured window, as the ratio nginx / this: above 1 is cheaper than nginx. It stands a noisy machine better than
requests a second do. nginx is a tuned streaming proxy: one worker, `proxy_buffering off`, `proxy_buffer_size 64k`, a
keep-alive pool, and a buffered access log. SMMF runs as `smmf serve` does, with everything on: an API key with every
kind of limit, routing, metrics, usage, the ledger and its access log (`Benchmarks/gateways/smmf.py`); the others run
bare. "No gateway" is the load on the engine alone.
"""


def rows(results, part, **wanted):
    return [row for row in results[part] if all(row.get(key) == value for key, value in wanted.items())]


def glance(part, row):
    """One measurement in a few words."""
    if part == "generators":
        return ", ".join(f"{name} {rate:.0f}/s" for name, rate in row.items())
    if part == "memory":
        return f"{(row['after'] - row['before']) / row['streams'] / 1024:.1f} KB for each stream"
    if part == "start":
        return f"{row['seconds']:.3f} s, {row['resident'] / 1048576:.1f} MB"
    found = row.get("report", row)
    server = found.get("server") or {}
    return (
        f"{server.get('cpu_us_per_request') or 0:.2f} us/request, {server.get('cpu_us_per_token') or 0:.2f} us/token, "
        f"{found['requests_per_second']:.0f} requests/s, {100 * server.get('cores', 0):.0f} % busy, "
        f"{found['failed']} failed"
    )


def middle(values):
    values = [value for value in values if value is not None]
    return median(values) if values else None


def text(value, form):
    return "–" if value is None else form.format(value)


def ratio(results, workload, gateway):
    """The median over the rounds of nginx's cost over the gateway's."""
    ratios = []
    for row in rows(results, "load", workload=workload.key, gateway=gateway):
        yardstick = rows(results, "load", workload=workload.key, gateway=YARDSTICK, round=row["round"])
        if yardstick and yardstick[0]["cost"] and row["cost"]:
            ratios.append(yardstick[0]["cost"] / row["cost"])
    return middle(ratios)


def table(head, body):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(cells) + " |" for cells in body]) + "\n"


def workload_table(results, workload):
    unit = workload.unit
    head = ["gateway", "nginx / this", f"us CPU per {unit}", "busy", f"{unit}s/s"]
    head += ["TTFT p50 / p99 ms", "total p99 ms", "RSS MB"]
    body = []
    for gateway in results["gateways"]:
        found = rows(results, "load", workload=workload.key, gateway=gateway)
        if not found:
            continue
        reports = [row["report"] for row in found]
        is_bare = gateway == "no gateway"
        of = lambda *path: middle([dig(report, *path) for report in reports])
        rate = of("tokens_per_second" if unit == "token" else "requests_per_second")
        resident = of("server", "rss_bytes_after")
        body.append([
            gateway,
            "" if is_bare else text(ratio(results, workload, gateway), "**{:.2f}**"),
            "" if is_bare else text(middle([row["cost"] for row in found]), "{:.2f}"),
            "" if is_bare else text(of("server", "cores"), "{:.0%}"),
            text(rate, "{:,.0f}"),
            text(of("first_token", "p50_ms"), "{:.1f}") + " / " + text(of("first_token", "p99_ms"), "{:.1f}"),
            text(of("total", "p99_ms"), "{:.1f}"),
            "" if is_bare else text(resident and resident / 1048576, "{:.0f}"),
        ])  # fmt: skip
    reached = ratio(results, workload, "smmf")
    goal = f"SMMF has to reach {workload.target}; it is at {text(reached, '{:.2f}')}.\n" if workload.target else ""
    return f"### {workload.title}\n\n{table(head, body)}\n{goal}"


def dig(value, *path):
    for key in path:
        value = (value or {}).get(key)
    return value


def memory_table(results):
    counts = sorted({row["streams"] for row in results["memory"]})
    head = ["gateway", *(f"KB for each of {count:,} open streams" for count in counts)]
    head += ["idle MB", "start to first answer, s"]
    body = []
    for gateway in results["gateways"]:
        starts = rows(results, "start", gateway=gateway)
        cells = []
        for count in counts:
            found = rows(results, "memory", gateway=gateway, streams=count)
            cells.append(text(middle([(row["after"] - row["before"]) / count / 1024 for row in found]), "{:.1f}"))
        idle = middle([row["resident"] / 1048576 for row in starts])
        body.append([gateway, *cells, text(idle, "{:.1f}"), text(middle([row["seconds"] for row in starts]), "{:.3f}")])
    body = [cells for cells in body if any(cell != "–" for cell in cells[1:])]
    goal = "SMMF has to reach 16 KB for each stream, 64 MB idle and 0.3 s to the first answer.\n"
    return f"### Memory and start\n\n{table(head, body)}\n{goal}"


def scale_table(results):
    kinds = list(dict.fromkeys(row["kind"] for row in results["scale"]))
    counts = sorted({row["count"] for row in results["scale"]})
    head = ["us CPU per request with", *(f"{count:,}" for count in counts)]
    body = []
    for kind in kinds:
        found = [rows(results, "scale", kind=kind, count=count) for count in counts]
        body.append([kind, *(text(middle([dig(row, "server", "cpu_us_per_request") for row in each]), "{:.2f}")
                             for each in found)])  # fmt: skip
    return f"### Many models, keys and instances (JSON, 64 connections)\n\n{table(head, body)}"


def noise(results):
    """What else took of the gateway's core while it was measured, as a sentence."""
    share = middle([row["report"]["others"] for row in rows(results, "load") if row["gateway"] != "no gateway"])
    return f"Other processes took {share:.0%} of the gateway's core at the median.\n" if share is not None else ""


def generator_table(results):
    body = [[name, f"{rate:,.0f}"] for name, rate in results["generators"].items()]
    return "### The load generator alone, on one core, against the engine on the other\n\n" + table(
        ["generator", "JSON requests/s, 64 connections"], body
    )


def page(results, workloads):
    parts = [METHOD]
    parts.append(f"Measured on {results['date']}, commit {results['commit']}, {results['rounds']} "
                 f"{'round' if results['rounds'] == 1 else 'rounds'}, "
                 f"on {results['machine']}.\n")  # fmt: skip
    versions = "; ".join(value for value in dict.fromkeys(results["versions"].values()) if value)
    parts.append(f"Versions: {versions}.\n")
    parts.append(noise(results))
    for name, why in results["absent"].items():
        parts.append(f"{name} is missing: {why}.\n")
    ran = [workload for workload in workloads if rows(results, "load", workload=workload.key)]
    parts += [workload_table(results, workload) for workload in ran]
    if results["memory"] or results["start"]:
        parts.append(memory_table(results))
    if results["scale"]:
        parts.append(scale_table(results))
    if results["generators"]:
        parts.append(generator_table(results))
    if results["failures"]:
        lines = ["- " + " ".join(str(value) for value in row.values()) for row in results["failures"]]
        parts.append("### What did not work\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)
