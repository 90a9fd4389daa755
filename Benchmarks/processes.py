# SPDX-License-Identifier: MIT
"""Starting processes on a core, asking them, measuring and ending them."""

import itertools
import json
import os
import resource
import signal
import socket
import subprocess
import time

GATEWAY_CORE = 0
LOAD_CORE = 1
PAGE = os.sysconf("SC_PAGE_SIZE")


ports = itertools.cycle(range(9400, 30000))


def free_ports(count):
    """Free ports below those that the system gives to outgoing connections; no port twice, as it may be taken late."""
    found = []
    while len(found) < count:
        port = next(ports)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                found.append(port)
            except OSError:
                pass
    return found


def on_core(core, own_group=False):
    """What a new process does before its program: it pins itself, and lets itself open as many files as it may.

    A group of its own can be ended whole; it is not a session, as Linux shares the CPU out among sessions.
    """

    def prepare():
        if own_group:
            os.setpgid(0, 0)
        os.sched_setaffinity(0, {core})
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    return prepare


class Server:
    """A process, and what it forks, on one core; ended when the `with` block is left."""

    def __init__(self, command, core, log, environment=None):
        self.log = log
        self.started = time.monotonic()
        with open(log, "wb") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **(environment or {})},
                preexec_fn=on_core(core, own_group=True),
            )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Asks the process to end, then ends its whole group; nginx and others leave no child behind."""
        for name, patience in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
            try:
                os.killpg(self.process.pid, name)
            except ProcessLookupError:
                break
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                continue
        self.process.wait()

    def pids(self):
        """The process and its descendants."""
        children = {}
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{entry}/stat") as file:
                    parent = int(file.read().rsplit(")", 1)[1].split()[1])
                children.setdefault(parent, []).append(int(entry))
            except (OSError, IndexError):
                continue
        found, waiting = [], [self.process.pid]
        while waiting:
            pid = waiting.pop()
            found.append(pid)
            waiting += children.get(pid, [])
        return found

    def cpu(self):
        """Seconds that all of them have had on a CPU."""
        total = 0
        for pid in self.pids():
            try:
                for task in os.listdir(f"/proc/{pid}/task"):
                    with open(f"/proc/{pid}/task/{task}/schedstat") as file:
                        total += int(file.read().split()[0])
            except OSError:
                continue
        return total / 1e9

    def resident(self):
        """Resident bytes of all of them."""
        total = 0
        for pid in self.pids():
            try:
                with open(f"/proc/{pid}/statm") as file:
                    total += int(file.read().split()[1]) * PAGE
            except OSError:
                continue
        return total

    def wait_for_answer(self, port, model, patience=90.0):
        """Asks until the first good answer, and returns the seconds since the start; raises what was seen instead."""
        seen = "no answer"
        while time.monotonic() - self.started < patience:
            if self.process.poll() is not None:
                raise RuntimeError(f"it ended with status {self.process.returncode}: {self.last_lines()}")
            try:
                status, seen = ask(port, model)
                if status == 200:
                    return time.monotonic() - self.started
            except OSError as error:
                seen = str(error)
            time.sleep(0.002)
        raise RuntimeError(f"no good answer in {patience:.0f} s: {str(seen)[:200]}; {self.last_lines()}")

    def wait_for_line(self, line, patience=10.0):
        """Waits until its log ends with a line."""
        while self.last_lines().split(" / ")[-1] != line:
            if self.process.poll() is not None or time.monotonic() - self.started > patience:
                raise RuntimeError(f"it does not say {line}: {self.last_lines()}")
            time.sleep(0.01)

    def last_lines(self):
        """The end of its log, on one line."""
        with open(self.log, errors="replace") as file:
            return " / ".join(file.read().splitlines()[-3:])[-400:]


def ask(port, model, key="benchmark"):
    """One small chat completion: the status and the answer."""
    return post(
        port, "/v1/chat/completions", {"model": model, "messages": [{"role": "user", "content": "hi"}]}, key
    )


def post(port, path, value, key="benchmark"):
    """Sends a value as JSON: the status, and the answer's value or its text."""
    body = json.dumps(value).encode()
    head = f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nauthorization: Bearer {key}\r\n"
    head += f"content-type: application/json\r\nconnection: close\r\ncontent-length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(head.encode() + body)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    head, _, body = answer.decode(errors="replace").partition("\r\n\r\n")
    try:
        body = json.loads(body)
    except ValueError:
        pass
    return (int(head[9:12]) if head.startswith("HTTP/1.") else 0), body


def core_busy(core):
    """Seconds that a core was busy since the machine started."""
    with open("/proc/stat") as file:
        for line in file:
            if line.startswith(f"cpu{core} "):
                ticks = [int(value) for value in line.split()[1:9]]
                return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")
    return 0.0
