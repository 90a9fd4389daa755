# SPDX-License-Identifier: MIT
"""The common suite: what is asked, and what must come."""

import json

from dialects import PNG_SIZE, SYSTEM, Wish


class Wrong(Exception):
    """What came that should not have."""


class Refusal(Exception):
    """A request that cannot be said in the provider's words, refused by its field."""


def expect(condition, what):
    """Raises what is wrong."""
    if not condition:
        raise Wrong(what)


SENTENCE = "Heard \"hello matrix\". Žluťoučký kůň, 你好 🙂"
ARGUMENTS = {"city": "text 0", "days": 7}
#: How each dialect says that an answer is complete, was cut, or calls tools.
COMPLETE = {"stop", "end_turn", "completed", "STOP", "stop_sequence"}
CUT = {"length", "max_tokens", "max_output_tokens", "MAX_TOKENS"}
CALLING = {"tool_calls", "tool_use", "STOP"}


def is_whole(answer):
    expect(answer.status == 200 and not answer.error, f"{answer.status}: {answer.error}")
    expect(answer.ended, "the answer has no end")


def text(answer, _):
    is_whole(answer)
    expect(answer.text == SENTENCE, f"the text is {answer.text!r}")
    expect(answer.finish in COMPLETE, f"it finished with {answer.finish}")


def echo(answer, _):
    is_whole(answer)
    heard = json.loads(answer.text)
    expect(heard.get("system") == SYSTEM, f"the instructions are {heard.get('system')!r}")
    said = [turn["text"] for turn in heard["turns"] if turn["role"] == "user"]
    expect(said == ["#echo some \"words\" 你好"], f"the user said {said}")
    expect(heard.get("max_tokens") == 400, f"the limit is {heard.get('max_tokens')}")


def tools(answer, _):
    is_whole(answer)
    expect(answer.called == [("weather", ARGUMENTS)], f"the calls are {answer.called}")
    expect(answer.finish in CALLING, f"it finished with {answer.finish}")


def parallel(answer, _):
    is_whole(answer)
    names = [name for name, _ in answer.called]
    expect(names == ["weather", "clock"], f"the calls are {answer.called}")
    expect(answer.called[0][1] == ARGUMENTS, f"the calls are {answer.called}")


def result(answer, _):
    is_whole(answer)
    expect(answer.text == "The tool said: sunny", f"the text is {answer.text!r}")


def image(answer, _):
    is_whole(answer)
    expect(answer.text == f"Got image/png {PNG_SIZE} bytes", f"the text is {answer.text!r}")


def schema(answer, _):
    is_whole(answer)
    expect(json.loads(answer.text) == ARGUMENTS, f"the text is {answer.text!r}")


def reason(answer, provider):
    is_whole(answer)
    expect(answer.text == "Therefore: hello", f"the text is {answer.text!r}")
    if provider.shows_reasoning:
        expect(answer.reasoning == "First think about hello, then answer.", f"the reasoning is {answer.reasoning!r}")


def stop(answer, _):
    is_whole(answer)
    expect(answer.text == "One, two" and answer.finish in COMPLETE, f"{answer.text!r}, {answer.finish}")


def length(answer, _):
    is_whole(answer)
    expect(answer.text == "word word word" and answer.finish in CUT, f"{answer.text!r}, {answer.finish}")


def usage(answer, _):
    is_whole(answer)
    expect(answer.usage, "no usage came")


#: Name, the wish, what must come; a case of its own row in the page.
CASES = [
    ("text", Wish("hello matrix #text"), text),
    ("echo", Wish("#echo some \"words\" 你好"), echo),
    ("tools", Wish("#tools", tools=True), tools),
    ("parallel", Wish("#parallel", tools=True), parallel),
    ("result", Wish("#tools", tools=True, turns=[("weather", json.dumps(ARGUMENTS), "call_1", "sunny")]), result),
    ("image", Wish("#image", image=True), image),
    ("schema", Wish("#json", schema=True), schema),
    ("reason", Wish("#reason hello", reason=True), reason),
    ("stop", Wish("#stop", stop="END"), stop),
    ("length", Wish("#length", limit=3), length),
    ("usage", Wish("#usage"), usage),
]

#: Classes of errors, and the statuses that a client may get for them: a gateway's own key is none of its business.
ERRORS = {
    "badRequest": {400},
    "contextOverflow": {400},
    "contentFilter": {400},
    "notFound": {404},
    "badKey": {502, 503},
    "quota": {429, 503},
    "rateLimit": {429, 503},
    # Some say it as a rate.
    "overloaded": {429, 503},
    "outage": {502},
}
