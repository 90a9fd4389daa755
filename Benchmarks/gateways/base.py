# SPDX-License-Identifier: MIT
"""What the benchmark asks of a gateway."""

import shutil
import subprocess

#: The name that clients ask for, and the engine answers to.
MODEL = "benchmark"


class Gateway:
    """A program that stands between clients and engines."""

    name = ""
    #: More connections than this it is not given.
    most_connections = 1_000_000
    model = MODEL

    def absent(self):
        """Why it cannot be measured here, or None."""
        return None

    def version(self):
        """What the program says of itself."""
        return ""

    def key(self, port):
        """The API key to call it with, once it serves on the port."""
        return "benchmark"

    def command(self, folder, port, engines):
        """Writes what it needs into `folder`; returns its command and its environment. `engines` are host:port."""
        raise NotImplementedError


def find(program):
    """A program on PATH or where Debian keeps servers."""
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")


def said(*command):
    """The first line that a command prints."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=60)
    return done.stdout.strip().split("\n")[0]


def package_version(environment, package):
    """A package of a Python environment, with its version."""
    script = f"import importlib.metadata as m; print('{package}', m.version('{package}'))"
    return said(f"{environment}/bin/python", "-c", script)


def write(path, text):
    """Writes a file and returns its path."""
    with open(path, "w") as file:
        file.write(text)
    return path
