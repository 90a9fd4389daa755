# SPDX-License-Identifier: MIT
"""Reads documents, one a line in hexadecimal, as RFC 8259 says, and prints what it finds in each.

Python's reader takes NaN and the infinities as numbers; here they are refused, and so are bytes that are no UTF-8.
"""

import json
import sys


def refuse(constant):
    raise ValueError(constant)


def describe(document):
    try:
        value = json.loads(bytes.fromhex(document).decode("utf-8", "strict"), parse_constant=refuse)
    except ValueError:
        return "invalid - -"
    model = value.get("model") if isinstance(value, dict) else None
    stream = isinstance(value, dict) and value.get("stream") is True
    if isinstance(model, str):
        # Half of a surrogate pair has no UTF-8; it becomes a replacement character.
        text = model.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        name = "=" + text.encode("utf-8").hex()
    else:
        name = "-"
    return f"valid {name} {'stream' if stream else '-'}"


def main(path):
    with open(path, encoding="ascii") as lines:
        for line in lines:
            print(describe(line.strip()))


main(sys.argv[1])
