# SPDX-License-Identifier: MIT
"""What the model is taught: topics with their answers and every plain way to ask for them."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass
class Topic:
    name: str
    answer: str
    kinds: list[list[str]]  # Its questions: those spelled out, and those that each group of forms makes.
    follow_ups: list[str]
    weight: float
    long: bool

    @property
    def questions(self) -> list[str]:
        return [question for kind in self.kinds for question in kind]


@dataclass
class Unrelated:
    """Questions outside of what the model knows, as slots to fill at random."""

    answer: str
    questions: list[str]
    forms: list[tuple[list[str], list[str]]]


@dataclass
class Knowledge:
    topics: list[Topic]
    unrelated: Unrelated
    before: list[str]
    after: list[str]
    system: list[str]

    def texts(self) -> Iterator[str]:
        """Everything that is said, each in its plain form, for the tokenizer to learn from."""
        for topic in self.topics:
            yield from [topic.answer] * 20
            for question in topic.questions + topic.follow_ups:
                yield from (question, question[0].upper() + question[1:])
        yield from [self.unrelated.answer] * 20
        for question in self.unrelated.questions:
            yield from [question[0].upper() + question[1:], question] * 3
        for forms, fillers in self.unrelated.forms:
            for form in forms:
                yield from [form.format(t=filler, u=filler, p=filler, a=filler) for filler in fillers[::8]]
            yield from fillers * 5
        yield from (self.before + self.after + self.system) * 20


def load_knowledge(folder: Path = HERE) -> Knowledge:
    forms = _read(folder / "forms.toml")
    tables = _read(folder / "knowledge.toml")["topics"]
    owner = {question.lower(): table["name"] for table in tables for question in table.get("questions", [])}
    topics = [_topic(table, forms, owner) for table in tables]
    return Knowledge(
        topics=topics,
        unrelated=_unrelated(_read(folder / "unrelated.toml")),
        before=forms["before"],
        after=forms["after"],
        system=forms["system"],
    )


def _read(path: Path) -> dict:
    with path.open("rb") as file:
        return tomllib.load(file)


def _topic(table: dict, forms: dict, owner: dict[str, str]) -> Topic:
    """A question that a topic spells out belongs to it, even where the forms make the same one for another topic."""
    singular = [f"{_article(term)} {term}" for term in table.get("terms", [])]
    singular += [f"the {term}" for term in table.get("terms", [])]
    singular += table.get("terms", []) + table.get("names", [])
    plural = [_plural(term) for term in table.get("terms", [])]
    kinds = [
        table.get("questions", []),
        [form.format(x=noun) for form in forms["definition"] for noun in singular]
        + [form.format(x=noun) for form in forms["definition_plural"] for noun in plural],
        [form.format(n=noun) for form in forms["fact"] for noun in table.get("facts", [])],
        [form.format(v=verb) for form in forms["action"] for verb in table.get("actions", [])],
    ]
    answer = table.get("answer") or table["answer_before_numbers"] + _numbers(table["answer_numbers"])
    return Topic(
        name=table["name"],
        answer=answer,
        kinds=[[q for q in kind if owner.get(q.lower(), table["name"]) == table["name"]] for kind in kinds],
        follow_ups=[form.format(x=noun) for form in forms["follow_up"] for noun in singular + plural],
        weight=table.get("weight", 1),
        long=table.get("long", False),
    )


def _unrelated(table: dict) -> Unrelated:
    return Unrelated(
        answer=table["answer"],
        questions=table["questions"],
        forms=[
            (table["forms_for_things"], table["things"]),
            (table["forms_for_people_and_places"], table["people_and_places"]),
            (table["forms_for_tasks"], table["tasks"]),
        ],
    )


def _numbers(last: int) -> str:
    return ", ".join(str(number) for number in range(1, last + 1)) + "."


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeiouAEIOU" else "a"


def _plural(noun: str) -> str:
    return noun[:-1] + "ies" if noun.endswith(("cy", "ry")) else noun + "s"
