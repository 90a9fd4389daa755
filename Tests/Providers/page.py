# SPDX-License-Identifier: MIT
"""docs/providers.md: what every client can do with every provider."""

import re

from faults import CLIENTS, FAULTS

MARKS = {"pass": "✓", "lacks": "·", "fail": "✗"}

HEAD = """# Providers

Every client dialect against every provider, as `make provider-matrix` saw it: a real `smmf serve`, and providers
that `smmf-sim` plays from their own pages. Each case is asked whole and as a stream; both must say the same and count
what the provider counted.

✓ passes · a number is a refusal, with its reason below · `·` the provider has no such error · ✗ fails

"""


FAULTS_HEAD = """✓ where an odd answer is understood all the same, and where a broken one is never taken for a whole one.

"""

RANKS_HEAD = """What is shown is that paths and words fit; which models a provider has is its own business. Those that offer
neither are left out.

"""


def write(results, dialects, cases, errors, vectors):
    """The page's text."""
    names = [case for case, _, _ in cases] + ["cancel"]
    reasons = {}
    lacking = [dialect for dialect in dialects if dialect.lacks]
    lacks = [f"{dialect.name} for {', '.join(sorted(dialect.lacks))}" for dialect in lacking]
    text = HEAD + f"Some clients' APIs have no words for a case: {'; '.join(lacks)}.\n\n"
    text += table("What is asked for", results, dialects, names, reasons)
    text += table("Errors, in the client's words", results, dialects, list(errors), reasons)
    text += broken(results, reasons)
    text += ranks("Embeddings and ranks, by the client's words", results, [name for name, *_ in vectors], reasons)
    if reasons:
        text += "## Refusals\n\n"
        text += "".join(f"{number}. {why}\n" for why, number in sorted(reasons.items(), key=lambda pair: pair[1]))
    return text


def broken(results, reasons):
    """The table of faults, of those in front of which they are played."""
    text = f"## Answers that are written oddly or go wrong\n\n{FAULTS_HEAD}"
    text += f"| provider | client | {' | '.join(FAULTS)} |\n|---|---|{'---|' * len(FAULTS)}\n"
    for name, rows in sorted(results.items()):
        for client in CLIENTS:
            if row := rows.get(f"{client}, broken"):
                text += f"| {name} | {client} | {' | '.join(mark(row[fault], reasons) for fault in FAULTS)} |\n"
    return text + "\n"


def ranks(title, results, cases, reasons):
    """The table of embeddings and ranks, of those that have any."""
    text = f"## {title}\n\n{RANKS_HEAD}| provider | {' | '.join(cases)} |\n|---|{'---|' * len(cases)}\n"
    for name, rows in sorted(results.items()):
        cells = [rows["vectors"][case] for case in cases]
        if any(cell.state != "refused" for cell in cells):
            text += f"| {name} | {' | '.join(mark(cell, reasons) for cell in cells)} |\n"
    return text + "\n"


def table(title, results, dialects, cases, reasons):
    """One table: a row for each provider and dialect that is not like the one above it."""
    text = f"## {title}\n\n| provider | client | {' | '.join(cases)} |\n|---|---|{'---|' * len(cases)}\n"
    for name, rows in sorted(results.items()):
        groups = []
        for dialect in dialects:
            if dialect.name not in rows:
                continue
            cells = [rows[dialect.name][case] for case in cases]
            marks = [
                "" if case in dialect.lacks else mark(cell, reasons) for case, cell in zip(cases, cells, strict=True)
            ]
            # What a client's API has no words for says nothing of the provider.
            for group in groups:
                if all(one == other or "" in (one, other) for one, other in zip(group[1], marks, strict=True)):
                    group[0].append(dialect.name)
                    group[1] = [one or other for one, other in zip(group[1], marks, strict=True)]
                    break
            else:
                groups.append([[dialect.name], marks])
        for clients, marks in groups:
            who = "all" if len(clients) == len(dialects) else ", ".join(clients)
            text += f"| {name} | {who} | {' | '.join(marks)} |\n"
    return text + "\n"


def mark(cell, reasons):
    """A cell's sign."""
    if cell.state != "refused":
        return MARKS[cell.state]
    # Whoever serves it, the reason is one.
    why = re.sub(r"The model `[^`]*` is served by the provider [^ ,]+, which", "The provider", cell.why)
    return str(reasons.setdefault(why, len(reasons) + 1))
