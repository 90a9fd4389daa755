# SPDX-License-Identifier: MIT
"""One `smmf serve` with one model named `m`, and what its users do with it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import tempfile
import time


class Trouble(Exception):
    """What was seen that should not be."""


def install(program, data, name):
    """Installs an engine as its user would."""
    done = subprocess.run(
        [program, "engine", "install", name, "--data", data],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(done.stdout.strip().splitlines()[-1] if done.stdout.strip() else f"exit {done.returncode}")


def engines(program, data):
    """The engines that there are, by name, as `smmf engine list` shows them."""
    done = subprocess.run(
        [program, "engine", "list", "--json", "--data", data], stdout=subprocess.PIPE, text=True, check=True
    )
    return {engine["name"]: engine for engine in json.loads(done.stdout)}


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Fleet:
    """A standalone SMMF; used with `with`."""

    #: A start with compilation on two cores takes minutes.
    START = 420

    def __init__(self, program, data, models):
        self.program = program
        self.data = data
        self.models = models
        self.ids = set()
        self.api, self.control, worker = free_port(), free_port(), free_port()
        self.folder = tempfile.TemporaryDirectory(prefix="smmf-engines-")
        # State of its own, and the engines that are installed for all.
        own = f"{self.folder.name}/data"
        os.makedirs(own)
        os.symlink(os.path.abspath(f"{data}/engines"), f"{own}/engines")
        self.head = f'[server]\napi = "127.0.0.1:{self.api}"\ncontrol = "127.0.0.1:{self.control}"\n'
        self.head += f'worker = "127.0.0.1:{worker}"\ndata = "{own}"\n\n'

    def __enter__(self):
        config = f"{self.folder.name}/smmf.toml"
        with open(config, "w", encoding="utf-8") as file:
            file.write(self.head + self.models)
        environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": f"{self.folder.name}/hf"}
        os.makedirs(f"{self.folder.name}/hf/hub")
        self.log = open(f"{self.data}/serve.log", "w", encoding="utf-8")
        self.server = subprocess.Popen(
            [self.program, "serve", "--config", config], stdout=self.log, stderr=subprocess.STDOUT, env=environment
        )
        return self

    def __exit__(self, *_):
        self.server.send_signal(signal.SIGTERM)
        try:
            self.server.wait(60)
        except subprocess.TimeoutExpired:
            self.server.kill()
        self.log.close()
        self.folder.cleanup()

    # Calls

    def call(self, port, method, path, body=None, timeout=120):
        """One exchange; the status and the document."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        try:
            text = json.dumps(body) if body is not None else None
            connection.request(method, path, text, {"content-type": "application/json"})
            answer = connection.getresponse()
            content = answer.read()
            return answer.status, json.loads(content) if content else None
        except (OSError, ValueError, http.client.HTTPException) as error:
            return 0, {"error": {"message": f"{type(error).__name__}: {error}"}}
        finally:
            connection.close()

    def status(self):
        """The model as the controller sees it."""
        status = self.call(self.control, "GET", "/v1/deployments/m")[1] or {}
        self.ids.update(row["id"] for row in status.get("instances") or [])
        return status

    def instance(self):
        """Its instance's row; empty without one."""
        return (self.status().get("instances") or [{}])[0]

    def wait(self, state, limit=START, but=None):
        """Waits for an instance in a state, another one than `but`; returns the seconds that it took."""
        begin = time.monotonic()
        row = {}
        while time.monotonic() - begin < limit:
            if self.server.poll() is not None:
                raise Trouble(f"smmf ended with {self.server.returncode}; see {self.data}/serve.log")
            for row in self.status().get("instances") or []:
                if row.get("state") == state and row.get("process_id", row.get("processID")) != but:
                    return time.monotonic() - begin
                failure = row.get("failure") or {}
                if row.get("state") == "failed" and state == "ready":
                    raise Trouble(f"it failed: {failure.get('message')} {failure.get('evidence')}")
            time.sleep(0.2)
        raise Trouble(f"it is not {state} after {limit} s, but {row.get('state')}: {row.get('detail')}")

    def pid(self):
        """The process of its instance."""
        row = self.instance()
        return row.get("process_id", row.get("processID"))

    # What users do

    QUESTION = [{"role": "user", "content": "What is the capital of France?"}]

    def chats(self):
        """An answer in one piece."""
        body = {"model": "m", "messages": self.QUESTION, "max_tokens": 24, "temperature": 0}
        status, answer = self.call(self.api, "POST", "/v1/chat/completions", body)
        if status != 200:
            raise Trouble(f"chat: {status} {answer}")
        text = answer["choices"][0]["message"]["content"]
        if not text:
            raise Trouble(f"chat: an empty answer: {answer}")
        return f"chat {text.strip()[:40]!r}"

    def open_stream(self, tokens):
        """A stream that has begun: its connection and its answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.api, timeout=120)
        body = {"model": "m", "messages": self.QUESTION, "max_tokens": tokens, "stream": True, "temperature": 1.5}
        connection.request("POST", "/v1/chat/completions", json.dumps(body), {"content-type": "application/json"})
        answer = connection.getresponse()
        if answer.status != 200:
            raise Trouble(f"stream: {answer.status} {answer.read()[:300]}")
        return connection, answer

    def read_stream(self, answer):
        """The events of a stream to its end; raises when that is no proper one."""
        events, finish = 0, None
        try:
            for line in answer:
                data = line[5:].strip() if line.startswith(b"data:") else b""
                if not data or data == b"[DONE]":
                    continue
                document = json.loads(data)
                if "error" in document:
                    raise Trouble(f"stream: {document['error']}")
                events += 1
                for choice in document.get("choices") or []:
                    finish = choice.get("finish_reason") or finish
        except http.client.HTTPException as error:
            raise Trouble(f"stream: it broke off after {events} events: {error}") from error
        if not finish:
            raise Trouble(f"stream: no finish_reason in {events} events")
        return events

    def streams(self):
        """A whole stream."""
        connection, answer = self.open_stream(48)
        events = self.read_stream(answer)
        connection.close()
        return f"stream of {events} events"

    def cancels(self):
        """A client hangs up in the middle; the engine's own count of running requests goes down."""
        connection, answer = self.open_stream(900)
        answer.readline()
        connection.sock.shutdown(socket.SHUT_RDWR)
        connection.close()
        begin = time.monotonic()
        while time.monotonic() - begin < 30:
            load = self.instance().get("load")
            if load is None and time.monotonic() - begin > 3:
                return "hung up (it tells no load)"
            if load and load["running"] == 0 and load["waiting"] == 0:
                return "hung up and stopped" if self.call(self.api, "GET", "/health")[0] == 200 else "hung up"
            time.sleep(0.2)
        raise Trouble("cancel: it works on for 30 s after its client has gone")

    def embeds(self):
        """Vectors of two texts."""
        body = {"model": "m", "input": ["a bridge over a river", "a river under a bridge"]}
        status, answer = self.call(self.api, "POST", "/v1/embeddings", body)
        if status != 200 or len(answer["data"]) != 2:
            raise Trouble(f"embeddings: {status} {answer}")
        left, right = (item["embedding"] for item in answer["data"])
        return f"2 vectors of {len(left)}, product {sum(a * b for a, b in zip(left, right)):.3f}"

    def reranks(self):
        """Scores of two documents."""
        body = {"model": "m", "query": "a river", "documents": ["a bridge over a river", "bread"]}
        status, answer = self.call(self.api, "POST", "/v1/rerank", body)
        if status != 200 or len(answer["results"]) != 2:
            raise Trouble(f"rerank: {status} {answer}")
        return f"{len(answer['results'])} scores"

    def use(self, kind):
        """The smallest use of a model of a kind."""
        return {"embedding": self.embeds, "rerank": self.reranks}.get(kind, self.chats)()

    def restarts(self, kind):
        """A restart: another process serves afterwards."""
        before = self.pid()
        status, answer = self.call(self.control, "POST", "/v1/deployments/m/restart", {})
        if status >= 300:
            raise Trouble(f"restart: {status} {answer}")
        begin = time.monotonic()
        self.wait("ready", but=before)
        self.use(kind)
        return f"restarted in {time.monotonic() - begin:.1f} s"

    def drains(self, kind):
        """Offline while a stream runs: it ends properly, and nothing of the engine is left."""
        time.sleep(1)
        stream = self.open_stream(64) if kind == "language" else None
        status, answer = self.call(self.control, "POST", "/v1/deployments/m/stop", {})
        if status >= 300:
            raise Trouble(f"stop: {status} {answer}")
        if stream:
            self.read_stream(stream[1])
        begin = time.monotonic()
        while self.status().get("instances"):
            if all(row["state"] in ("stopped", "failed") for row in self.status()["instances"]):
                break
            if time.monotonic() - begin > 90:
                raise Trouble(f"stop: {self.instance().get('state')} after 90 s")
            time.sleep(0.2)
        left = [pid for pid in self.marked()]
        if left:
            raise Trouble(f"stop: processes are left: {left}")
        return "drained and gone"

    def marked(self):
        """Processes that carry the marker of an instance of this server."""
        markers = [f"SMMF_INSTANCE={name}".encode() for name in self.ids]
        for entry in os.listdir("/proc"):
            if not entry.isdigit() or int(entry) == self.server.pid:
                continue
            try:
                with open(f"/proc/{entry}/environ", "rb") as file:
                    variables = file.read().split(b"\0")
                    if any(marker in variables for marker in markers):
                        yield int(entry)
            except OSError:
                continue
