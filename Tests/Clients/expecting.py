# SPDX-License-Identifier: MIT
"""What the scripts of clients share: each says in one line what is wrong, or that all is well."""

import os
import sys

NAME = os.path.basename(sys.argv[0]).removesuffix(".py").replace("_", " ")


def fail(what):
    sys.exit(f"{NAME}: {what}")


def expect(condition, what):
    if not condition:
        fail(what)


def raises(kind, what, call):
    try:
        call()
    except kind as error:
        return error
    except Exception as error:  # noqa: BLE001
        fail(f"{what} raised {type(error).__name__}, not {kind.__name__}: {error}")
    fail(f"{what} raised nothing, not {kind.__name__}")


def done():
    print(f"{NAME}: ok")
