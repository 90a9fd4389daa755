# SPDX-License-Identifier: MIT
"""The simulator, and one `smmf serve` with the models of one provider."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

import answers
import faults
import vectors
from cases import ERRORS, Wrong
from dialects import DIALECTS, Wish

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Engines"))
from fleet import Trouble, free_port  # noqa: E402

#: What providers cannot do, whoever asks; it is the reason of a refusal or of a cell that is not tried.
NO_CHAT = {"jina", "voyage"}
#: Reasoning is counted and not shown.
HIDES_REASONING = {
    "openai", "azure", "azure-deployments", "azure-foundry", "gemini", "vertex", "spark", "wenxin",
}
#: What a provider cannot do, though the request can be said in its words.
LIMITS = {("wenxin", "parallel"): "The provider calls one function at a time."}
KEYS = {"wenxin": "AK:SK", "bedrock": "AK:SK"}
#: Words of a refusal: the request cannot be said in the provider's words.
REFUSAL = re.compile(r"(asks for what the backend|which cannot do|takes at most)")


def names(program):
    """All providers that smmf knows."""
    done = subprocess.run(
        [program, "provider", "list", "--all", "--json"], stdout=subprocess.PIPE, text=True, check=True
    )
    return [provider["name"] for provider in json.loads(done.stdout)]


class Simulator:
    """Played providers in one process; used with `with`."""

    def __init__(self, program, wanted):
        self.program, self.wanted = program, wanted
        #: Base URLs by name.
        self.bases = {}

    def __enter__(self):
        command = [self.program] + [word for name in self.wanted for word in ("--provider", name)]
        command += ["--key", "k", "--key", "AK:SK"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:
            words = line.split()
            if words[0] == "provider":
                self.bases[words[1]] = words[2]
            elif words[0] == "listening":
                return self
            else:
                break
        raise Trouble(f"the simulator did not start: {line}")

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def page(self, name, path):
        """A page of the simulator's own."""
        authority = self.bases[name].split("/")[2]
        connection = http.client.HTTPConnection(authority, timeout=10)
        connection.request("GET", path)
        document = json.loads(connection.getresponse().read())
        connection.close()
        return document

    def report(self, name):
        """What a provider has counted."""
        return self.page(name, "/sim/report")


class Cell:
    """What came of one case: pass, refused, lacks (the client's API has no words for it) or fail, and why."""

    def __init__(self, state, why=""):
        self.state, self.why = state, why


class World:
    """A standalone SMMF with one provider; used with `with`."""

    START = 60

    def __init__(self, program, simulator, name):
        self.program, self.simulator, self.name = program, simulator, name
        self.shows_reasoning = name not in HIDES_REASONING
        self.api, control, worker = free_port(), free_port(), free_port()
        self.folder = tempfile.TemporaryDirectory(prefix="smmf-providers-")
        self.text = f'[server]\napi = "127.0.0.1:{self.api}"\ncontrol = "127.0.0.1:{control}"\n'
        self.text += f'worker = "127.0.0.1:{worker}"\ndata = "{self.folder.name}/data"\nlog_level = "error"\n'
        self.models = 0

    def model(self, name, kind="language"):
        """Adds a model of the provider. Errors have models of their own, as a key that was refused rests."""
        self.models += 1
        key = KEYS.get(self.name, "k")
        self.text += f'\n[[models]]\nname = "{name}"\nprovider = "{self.name}"\nsource = "sim-model"\nkind = "{kind}"\n'
        self.text += f'api_key = "{key}"\nbase_url = "{self.simulator.bases[self.name]}"\n'

    def __enter__(self):
        self.model("m")
        for kind in ("embedding", "rerank"):
            self.model(kind, kind)
        for kind in ERRORS:
            for dialect in DIALECTS:
                for form in ("whole", "stream"):
                    self.model(f"{kind}-{dialect.name}-{form}")
        for fault in faults.FAULTS if self.name in faults.PLACES else []:
            for client in faults.CLIENTS:
                for form in ("whole", "stream"):
                    self.model(faults.model(fault, client, form))
        path = f"{self.folder.name}/smmf.toml"
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.text)
        self.log = open(f"{self.folder.name}/log", "w+", encoding="utf-8")
        self.server = subprocess.Popen(
            [self.program, "serve", "--config", path], stdout=self.log, stderr=subprocess.STDOUT
        )
        begin = time.monotonic()
        while time.monotonic() - begin < self.START:
            if self.server.poll() is not None:
                self.log.seek(0)
                raise Trouble(f"smmf ended: {self.log.read()[-1000:]}")
            try:
                status, document = self.fetch("GET", "/v1/models")
                if status == 200 and len(json.loads(document)["data"]) == self.models:
                    return self
            except OSError:
                pass
            time.sleep(0.1)
        raise Trouble(f"{self.name}: not all models are there after {self.START} s")

    def __exit__(self, *_):
        self.server.send_signal(signal.SIGTERM)
        try:
            self.server.wait(30)
        except subprocess.TimeoutExpired:
            self.server.kill()
        self.log.close()
        self.folder.cleanup()

    # Exchanges

    def fetch(self, method, path, body=None, fields=()):
        """One exchange; the status and the bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.api, timeout=30)
        try:
            text = json.dumps(body) if body is not None else None
            connection.request(method, path, text, {"content-type": "application/json", **dict(fields)})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def ask(self, dialect, wish, streams, model="m"):
        """One request in a client's words, and the answer in one form."""
        path, body, fields = dialect.write(model, wish, streams)
        status, content = self.fetch("POST", path, body, fields)
        answer = answers.Answer(status)
        answer.raw = content
        if status != 200 or not streams:
            document = json.loads(content)
            if not answers.fail(answer, document) and status == 200:
                dialect.whole(answer, document)
        else:
            dialect.stream(answer, content.split(b"\n"))
        return answer

    # Cells

    def run(self, dialects, cases, errors):
        """All cells of this provider, by dialect and case."""
        if self.name in NO_CHAT:
            return {}
        known = self.simulator.page(self.name, "/sim/errors")
        rows = {}
        for dialect in dialects:
            row = {}
            for case, wish, check in cases:
                if case in dialect.lacks:
                    row[case] = Cell("lacks")
                elif (self.name, case) in LIMITS:
                    row[case] = Cell("refused", LIMITS[self.name, case])
                else:
                    row[case] = self.cell(lambda: self.case(dialect, wish, check))
            row["cancel"] = self.cell(lambda: self.cancels(dialect))
            for kind, statuses in errors.items():
                if kind not in known:
                    row[kind] = Cell("lacks")
                    continue
                row[kind] = self.cell(lambda: self.error(dialect, kind, statuses))
            rows[dialect.name] = row
        return rows

    def vectors(self, cases):
        """The cells of embeddings and ranks."""
        return {
            name: self.cell(lambda: vectors.ask(self, kind, write, check)) for name, kind, write, check in cases
        }

    def broken(self, dialects):
        """The cells of faults, by client."""
        if self.name not in faults.PLACES:
            return {}
        return {
            dialect.name: {
                fault: self.cell(lambda: faults.check(self, dialect, fault)) for fault in faults.FAULTS
            }
            for dialect in dialects
            if dialect.name in faults.CLIENTS
        }

    def refuses(self, message):
        """Whether these are the words of a refusal."""
        return REFUSAL.search(message)

    def cell(self, run):
        """What comes of one case."""
        try:
            why = run()
            return Cell("refused", why) if why else Cell("pass")
        except Wrong as wrong:
            return Cell("fail", str(wrong)[:400])
        except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException) as error:
            return Cell("fail", f"{type(error).__name__}: {error}"[:400])

    def case(self, dialect, wish, check):
        """One case, whole and streamed; both must be right, and count what the provider counted."""
        counted = []
        for streams in (False, True):
            form = "streamed" if streams else "whole"
            before = self.simulator.report(self.name)["usage"]
            answer = self.ask(dialect, wish, streams)
            if answer.status == 400 and answer.error and self.refuses(answer.error):
                return answer.error
            try:
                check(answer, self)
                self.counts(answer, before)
            except Wrong as wrong:
                raise Wrong(f"{form}: {wrong}") from wrong
            except (ValueError, KeyError, TypeError) as error:
                raise Wrong(f"{form}: {type(error).__name__}: {error} in {answer.raw[:300]!r}") from error
            counted.append(answer.usage)
        if counted[0] != counted[1]:
            raise Wrong(f"usage is {counted[0]} whole and {counted[1]} streamed")
        return None

    def counts(self, answer, before):
        """The client's usage is the provider's."""
        after = self.simulator.report(self.name)["usage"]
        real = {key: after[key] - before[key] for key in ("prompt", "completion")}
        if answer.usage is None:
            raise Wrong("no usage came")
        told = {key: answer.usage[key] for key in real}
        if told != real:
            raise Wrong(f"the client was told {told}, the provider counted {real}")

    def error(self, dialect, kind, statuses):
        """An error of the provider: a status that fits, the dialect's shape, and no key in its words."""
        for streams in (False, True):
            form = "stream" if streams else "whole"
            answer = self.ask(dialect, Wish(f"#error:{kind}"), streams, f"{kind}-{dialect.name}-{form}")
            if answer.status not in statuses:
                raise Wrong(f"{form}: {answer.status}: {answer.error}")
            if not answer.error:
                raise Wrong(f"{form}: no error in the dialect's words: {answer.raw[:200]!r}")
        return None

    def cancels(self, dialect):
        """A client hangs up in a stream; the provider sees it."""
        before = self.simulator.report(self.name)["aborted"]
        path, body, fields = dialect.write("m", Wish("#slow"), True)
        connection = http.client.HTTPConnection("127.0.0.1", self.api, timeout=30)
        connection.request("POST", path, json.dumps(body), {"content-type": "application/json", **fields})
        answer = connection.getresponse()
        if answer.status != 200:
            raise Wrong(f"{answer.status}: {answer.read()[:300]!r}")
        answer.read(40)
        connection.sock.shutdown(socket.SHUT_RDWR)
        connection.close()
        begin = time.monotonic()
        while time.monotonic() - begin < 10:
            if self.simulator.report(self.name)["aborted"] > before:
                return None
            time.sleep(0.05)
        raise Wrong("the provider still works after 10 s")
