#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How many inputs a second an embedding model gives to clients that ask for one at a time.

    python3 Benchmarks/embeddings.py --url http://127.0.0.1:8100 --model m --clients 64

Each client sends its next request when the last one is answered. The figures in docs/embeddings.md were made with it: the
engine on one core (`taskset -c 0`), this script on another, once with `gather_above` and once without.
"""

import argparse
import http.client
import json
import threading
import time
import urllib.parse


def ask(options, body, stop, latencies):
    """One client: asks until `stop`, and notes how long each answer took."""
    url = urllib.parse.urlsplit(options.url)
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=60)
    while time.monotonic() < stop:
        begin = time.monotonic()
        connection.request("POST", "/v1/embeddings", body, {"content-type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(f"status {answer.status}: {text[:300]!r}")
        latencies.append(time.monotonic() - begin)


def main():
    """Measures and prints one line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8100")
    parser.add_argument("--model", required=True)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--inputs", type=int, default=1, help="inputs in each request")
    parser.add_argument("--seconds", type=float, default=5)
    options = parser.parse_args()
    texts = [f"hello world {number}" for number in range(options.inputs)]
    body = json.dumps({"model": options.model, "input": texts if options.inputs > 1 else texts[0]})
    latencies = [[] for _ in range(options.clients)]
    stop = time.monotonic() + options.seconds
    threads = [threading.Thread(target=ask, args=(options, body, stop, own)) for own in latencies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = sorted(latency for own in latencies for latency in own)
    if not every:
        raise SystemExit("no request was answered")
    rate = len(every) * options.inputs / options.seconds
    print(f"{options.clients} clients: {rate:.0f} inputs/s, p50 {every[len(every) // 2] * 1000:.1f} ms")


if __name__ == "__main__":
    main()
