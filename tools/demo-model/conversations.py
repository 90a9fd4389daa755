# SPDX-License-Identifier: MIT
"""Turns the knowledge into conversations: wording, case, punctuation, typos, system prompts, several turns."""

import random
import re
from collections.abc import Iterator

from knowledge import Knowledge, Topic

Message = tuple[str, str]
Conversation = list[Message]

UNRELATED_SHARE = 0.22
SIGNS = ["+", "-", "times", "plus"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def normalised(text: str) -> str:
    """The words of a question alone; two questions that agree in it count as the same one."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


class ConversationSource:
    """An endless, seeded stream of conversations. No question in `held_out` is ever among them."""

    def __init__(self, knowledge: Knowledge, seed: int, held_out: frozenset[str] = frozenset()):
        self.knowledge = knowledge
        self.beginnings = sorted({word[:length] for topic in knowledge.topics for word in topic.name.split("-")
                                  for length in (3, 4) if len(word) > 4})
        self.random = random.Random(seed)
        self.held_out = held_out
        self.short = [topic for topic in knowledge.topics if not topic.long]
        self.long = [topic for topic in knowledge.topics if topic.long]
        self.any = knowledge.topics

    def short_conversations(self) -> Iterator[Conversation]:
        """One or two turns, most of them cut off soon after the answer begins: choosing it is what is hard to learn."""
        while True:
            kind = self.random.random()
            if kind < 0.02:
                yield self._plain_text(self.short)
            elif kind < 0.05:
                yield self._opening(self._conversation(self.long, turns=1))
            elif kind < 0.55:
                yield self._opening(self._conversation(self.short, turns=1))
            else:
                yield self._conversation(self.short, turns=self.random.choices([1, 2], [60, 40])[0])

    def long_conversations(self) -> Iterator[Conversation]:
        """What fills a long context: long answers, and many turns."""
        while True:
            kind = self.random.random()
            if kind < 0.6:
                yield self._conversation(self.long, turns=1)
            elif kind < 0.65:
                yield self._plain_text(self.long)
            else:
                yield self._conversation(self.any, turns=self.random.randint(2, 14))

    def _opening(self, conversation: Conversation) -> Conversation:
        return conversation[:-1] + [("opening", conversation[-1][1])]

    def _conversation(self, topics: list[Topic], turns: int) -> Conversation:
        messages = []
        if self.random.random() < 0.2:
            count = self.random.choices([1, 2, 3, 6], [60, 20, 12, 8])[0]
            messages.append(("system", " ".join(self.random.sample(self.knowledge.system, count))))
        for turn in range(turns):
            question, answer = self._exchange(topics, first=turn == 0)
            messages += [("user", question), ("assistant", answer)]
        return messages

    def _plain_text(self, topics: list[Topic]) -> Conversation:
        topic = self._draw(topics)
        text = topic.answer
        if self.random.random() < 0.4:
            text = self._worded(self._question(topic)) + "\n" + text
        return [("text", text)]

    def _exchange(self, topics: list[Topic], first: bool) -> Message:
        while True:
            if not topics[0].long and self.random.random() < UNRELATED_SHARE:
                answer, question = self.knowledge.unrelated.answer, self._unrelated_question()
            else:
                topic = self._draw(topics)
                answer, question = topic.answer, self._question(topic)
                if not first and topic.follow_ups and self.random.random() < 0.2:
                    question = self.random.choice(topic.follow_ups)
            question = self._worded(question)
            if normalised(question) not in self.held_out:
                return question, answer

    def _draw(self, topics: list[Topic]) -> Topic:
        return self.random.choices(topics, [topic.weight for topic in topics])[0]

    def _question(self, topic: Topic) -> str:
        return self.random.choice(self.random.choice([kind for kind in topic.kinds if kind]))

    def _unrelated_question(self) -> str:
        unrelated, kind = self.knowledge.unrelated, self.random.random()
        if kind < 0.3:
            return self.random.choice(unrelated.questions)
        if kind < 0.36:
            one, sign, other = self.random.randint(0, 99), self.random.choice(SIGNS), self.random.randint(0, 99)
            return f"what is {one} {sign} {other}"
        forms, fillers = self.random.choice(unrelated.forms)
        form = self.random.choice(forms)
        one, other = self.random.sample(fillers, 2)
        if self.random.random() < 0.25:
            one = self._invented_word()
        return form.format(t=one, u=other, p=one, a=one)

    def _invented_word(self) -> str:
        """No word at all, and half of the time one that begins like a word that the model knows."""
        word = self.random.choice(self.beginnings) if self.random.random() < 0.5 else ""
        for _ in range(self.random.randint(1, 3)):
            word += self.random.choice(LETTERS) + self.random.choice("aeiou")
        word += self.random.choice(["", "", "n", "r", "t", "s", "l"])
        return self.random.choice(["a ", "the ", "", ""]) + self.random.choice([word, word.capitalize()])

    def _worded(self, question: str) -> str:
        text = question
        if self.random.random() < 0.2:
            text = self.random.choice(self.knowledge.before) + text
        if self.random.random() < 0.1 and "\"" not in text:
            text += self.random.choice(self.knowledge.after)
        if len(text) > 8 and self.random.random() < 0.04:
            text = self._mistyped(text)
        text = self._cased(text)
        ends = ["?", "", ".", "!", "??", " ?", "?\n"]
        return text + self.random.choices(ends, [55, 28, 8, 4, 2, 2, 1])[0]

    def _cased(self, text: str) -> str:
        kind = self.random.random()
        if kind < 0.5:
            return (text[0].upper() + text[1:]).replace(" i ", " I ")
        if kind < 0.9:
            return text
        if kind < 0.97:
            return text.lower()
        return text.upper() if kind < 0.985 else text.title()

    def _mistyped(self, text: str) -> str:
        at = self.random.randrange(1, len(text) - 1)
        kind = self.random.randrange(4)
        if kind == 0:
            return text[:at] + text[at + 1:]
        if kind == 1:
            return text[:at] + text[at] + text[at:]
        if kind == 2:
            return text[:at] + text[at + 1] + text[at] + text[at + 2:]
        return text[:at] + self.random.choice(LETTERS) + text[at + 1:]
