"""What an application can do wrong besides the shape of messages: a row each."""

from __future__ import annotations

import re
from typing import Dict, NamedTuple, Optional

from .findings import Found
from .report import Finding
from .specification import RULES, of_field, of_rule


class Symptom(NamedTuple):
    """A finding in words with gaps. The gaps are filled from the conversation and from the table."""

    problem: str
    rule: Optional[str]
    level: str
    event: str
    did: str
    says: str
    makes: str
    fixed: bool


#: How `Rerun.text` names the option that is needed.
_OPTION = re.compile("helps with (.+?): ")

#: By name.
SYMPTOMS: Dict[str, Symptom] = {
    "reported": Symptom(
        "raised",
        None,
        "application",
        "lifespan.{phase}.failed",
        "{phase} failed: {message}",
        "a server exits then and logs the message",
        "passes it on",
        False,
    ),
    "no start-up": Symptom(
        "hangs",
        None,
        "specification",
        "lifespan.startup",
        "no answer within {seconds}{place}: it neither sent lifespan.startup.complete nor raised",
        "{together}",
        "waits for as long as the server does",
        False,
    ),
    "no shutdown": Symptom(
        "hangs",
        "A20",
        "specification",
        "lifespan.shutdown",
        "no answer within {seconds}, and it has not ended: servers hang at shutdown",
        "lifespan.shutdown.complete or lifespan.shutdown.failed answers it",
        "{outcome}",
        False,
    ),
    "no dict": Symptom(
        "repaired",
        None,
        "servers",
        "{event}",
        "a {kind} is not a dict",
        "an event is a dict; granian accepts nothing else",
        "makes it a dict",
        True,
    ),
    "dropped": Symptom(
        "order", "", "servers", "{event}", "{event} after {end}", "{together}; {why}", "drops it", True
    ),
    "unread": Symptom(
        "order",
        "A49",
        "servers",
        "websocket.connect",
        "received websocket.connect after its own websocket.close",
        "{together}; {why}",
        "{makes}",
        True,
    ),
    "answered first": Symptom(
        "order",
        "A49",
        "specification",
        "websocket.connect",
        "an answer before it was received",
        "websocket.connect is the first event; accept or close answers it",
        "{makes}",
        True,
    ),
    "open": Symptom(
        "order",
        "A44",
        "servers",
        "websocket.close",
        "returned and left the connection open",
        "{together}; {why}",
        "{makes}",
        True,
    ),
    "no answer": Symptom(
        "order",
        "A45",
        "specification",
        "websocket.connect",
        "returned with neither accept nor close",
        "{together}; {why}",
        "{makes}",
        True,
    ),
    "late": Symptom(
        "late",
        None,
        "specification",
        "{event}",
        "{event} was sent after it had returned",
        "a connection is over when the application returns: await send()",
        "lets it through; the server may not",
        False,
    ),
    "silent": Symptom(
        "hangs",
        None,
        "application",
        "{protocol} scope",
        "no {what} within {seconds} (--timeout): {how}",
        "the client waits for as long as the application does{answers}",
        "{outcome}",
        False,
    ),
    "stays": Symptom(
        "stays",
        "A18",
        "application",
        "{protocol}.disconnect",
        "did not end after the client had left{sent}: {told}",
        "receive() returns {protocol}.disconnect then; few servers cancel the application",
        "{outcome}",
        False,
    ),
    "immortal": Symptom(
        "stays",
        None,
        "application",
        "{protocol} scope",
        "could not be cancelled",
        "servers cancel what still runs at shutdown and wait for it",
        "passes the cancellation on",
        False,
    ),
    "blocked": Symptom(
        "hangs",
        None,
        "application",
        "{protocol} scope",
        "blocked the event loop for {seconds}{place}: nothing else ran",
        "an application does not block: it awaits, or works in a thread",
        "{outcome}",
        False,
    ),
    "no instance": Symptom(
        "raised",
        "A1",
        "application",
        "{protocol} scope",
        "{error}",
        "app(scope) returns a callable that takes (receive, send) and is awaited",
        "{outcome}",
        False,
    ),
    "no lifespan": Symptom(
        "raised",
        "A4",
        "application",
        "lifespan scope",
        "{error}{place}, {when}",
        "a server goes on without lifespan, or reports that startup has failed",
        "{outcome}",
        False,
    ),
    "mistake": Symptom(
        "raised",
        None,
        "application",
        "{protocol} scope",
        "{error}{place}, {when}",
        "an application refuses a type of scope on purpose: it looks at scope['type'] and raises",
        "{outcome}",
        False,
    ),
    "bare": Symptom(
        "raised",
        None,
        "servers",
        "{protocol} scope",
        "{wrong}, when {what}",
        "a server may leave it out; {fix}",
        "{outcome}",
        False,
    ),
    "cut short": Symptom(
        "order",
        "A14",
        "application",
        "http.request",
        "a body in {pieces} pieces is cut short: {read} (answered {answer}, and {expected} to one piece)",
        "a body comes in any number of events, until more_body is False; an empty one is not the end",
        "{outcome}",
        False,
    ),
    "cut upload": Symptom(
        "order",
        None,
        "application",
        "http.disconnect",
        "took http.disconnect for the end of the body: it answered {status} to {got} bytes of an upload",
        "the client has left; what came of the body is not all of it, and nobody reads an answer",
        "gives the same event; only the application can look at its type",
        False,
    ),
    "no response": Symptom(
        "order",
        None,
        "specification",
        "http.response.start",
        "returned without a response",
        "http.response.start and http.response.body answer a request; servers answer 500 otherwise",
        "leaves it without a response",
        False,
    ),
    "joint": Symptom(
        "raised",
        None,
        "application",
        "",
        "{what}",
        "an application is called in its own style: app(scope)(receive, send), or app(scope, receive, send)",
        "leaves it as it is; to_asgi3(app, rewire=True) and serve --rewire replace it",
        False,
    ),
    "raised": Symptom(
        "raised",
        None,
        "application",
        "{protocol} scope",
        "{error}{place}, {when}",
        "an exception that leaves the application is a 500 or a broken connection",
        "{outcome}",
        False,
    ),
    "raised apart": Symptom(
        "raised",
        None,
        "application",
        "",
        "{error}{place}, {when}",
        "an exception in a task that is never awaited is lost",
        "passes it on",
        False,
    ),
    "returned": Symptom(
        "returned",
        "A3",
        "servers",
        "*",
        "returned {value}",
        "an application returns nothing; {why}",
        "{makes}",
        True,
    ),
    "unawaited": Symptom(
        "unawaited",
        None,
        "specification",
        "{event}",
        "{what}() was called and not awaited",
        "{what}() has to be awaited: nothing happens without that",
        "cannot repair it",
        False,
    ),
}


def symptom(
    name: str,
    conversation: str,
    *key: object,
    fixed: Optional[bool] = None,
    rule: Optional[str] = None,
    **gaps: str,
) -> Found:
    """Make the finding of a symptom; ``key`` tells two of the same symptom apart."""
    row = SYMPTOMS[name]
    rule = rule or row.rule
    if rule:
        gaps.update(why=RULES[rule].why, makes=RULES[rule].makes)
    gaps["together"] = of_rule(rule) or of_field(row.event, "")
    event, did, says, makes = (text.format(**gaps) for text in (row.event, row.did, row.says, row.makes))
    option = _OPTION.match(makes)
    finding = Finding(
        rule, row.problem, row.level, event, "", did, says, makes,
        row.fixed if fixed is None else fixed, (conversation,), option.group(1) if option else "",
    )  # fmt: skip
    return Found((name, event, *key), finding)
