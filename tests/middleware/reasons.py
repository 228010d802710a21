"""Where a mix differs from its native stack, by name, and why. A row that no run needs fails the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Optional, Tuple

from .run import Failure, Mix


@dataclass(frozen=True)
class Reason:
    """`names` differ in these mixes (each field all when empty) because of `why`; `instead` holds how."""

    why: str
    names: Tuple[str, ...]
    instead: Callable[[Failure], bool]
    directions: Tuple[str, ...] = ()
    middlewares: Tuple[str, ...] = ()
    applications: Tuple[str, ...] = ()
    forms: Tuple[str, ...] = ()
    servers: Tuple[str, ...] = ()
    # The native stack is the one with the defect: not a failure of the mix.
    better: bool = False


def _is(value: Any) -> Callable[[Failure], bool]:
    return lambda failure: bool(failure.mixed == value)


def _started(failure: Failure) -> bool:
    return bool(failure.mixed[0]["body"] == '["started"]' and failure.native[0]["body"] == "[]")


def _closed_as_well(failure: Failure) -> bool:
    """The native spans, and one more for the close that the adapter sends."""
    closes = [one for one in failure.mixed if one["attributes"] == {"asgi.event.type": "websocket.close"}]
    return len(closes) == 1 and [one for one in failure.mixed if one not in closes] == failure.native


def _finished(failure: Failure) -> bool:
    """The native answer, but for having been cut off; and the next failing request has one."""
    first = dict(failure.native[0])
    was_cut = first.pop("unfinished", False)
    return bool(was_cut and failure.mixed == [first, failure.native[1], {"status": 500}])


def _with_scheme(failure: Failure) -> bool:
    """The native spans, with what the scope of daphne leaves out."""
    assert len(failure.native) == len(failure.mixed)
    for native, mixed in zip(failure.native, failure.mixed):
        filled = {"http.flavor": "1.1", "http.scheme": "ws"}
        attributes = (
            {**native["attributes"], **filled} if native["kind"] == "SERVER" else native["attributes"]
        )
        for name, value in attributes.items():
            attributes = {**attributes, name: str(value).replace("http://HOST", "ws://HOST")}
        told = {name: str(value) for name, value in mixed["attributes"].items()}
        if told != {name: str(value) for name, value in attributes.items()}:
            return False
        if {**native, "attributes": 0} != {**mixed, "attributes": 0}:
            return False
    return True


def _told_with_its_response(failure: Failure) -> bool:
    """Each error comes before the end of its transaction, natively after it; there are as many."""
    errors, transactions = failure.mixed[::2], failure.mixed[1::2]
    return bool(
        {one["exception"] for one in errors} == {"RuntimeError"}
        and {one["status_code"] for one in transactions} == {500}
        and [one["kind"] for one in failure.mixed] == ["error", "transaction"] * len(errors)
        and [one["kind"] for one in failure.native] == ["transaction", "error"] * len(errors)
    )


def _ended_early(failure: Failure) -> bool:
    """One more event was sent, and then the span was over before the exception came."""
    (native,) = (one for one in failure.native if one["kind"] == "SERVER")
    (mixed,) = (one for one in failure.mixed if one["kind"] == "SERVER")
    more = len(failure.mixed) - len(failure.native)
    return bool(native["events"] == [["exception", "RuntimeError"]] and mixed["events"] == [] and more == 1)


SOCKETS = (
    "records of /ws/echo",
    "records of /ws/protocol",
    "records of /ws/refuse",
    "records of /ws/boom",
    "records of /ws/session",
)
CHANNELS_2 = ("channels.sessions", "channels.auth", "channels, three apart")

REASONS: Tuple[Reason, ...] = (
    Reason(
        "the middleware raises for a lifespan scope, so that in a stack of 2019 start-up "
        "never ran; `middleware_to_asgi3` goes past it",
        ("start-up",),
        _started,
        middlewares=CHANNELS_2,
        forms=("list", "add"),
        better=True,
    ),
    Reason(
        "as above, for the shutdown",
        ("shutdown",),
        _is([{"shutdown wrote": "shut down", "ended in time": True}]),
        middlewares=CHANNELS_2,
        forms=("list", "add"),
        better=True,
    ),
    Reason(
        "nobody reports to Sentry that Channels does not speak lifespan, because `to_asgi3` answers for it",
        ("records of no path",),
        _is(None),
        directions=("new",),
        middlewares=("sentry-sdk",),
        applications=("channels",),
        forms=("outside",),
        better=True,
    ),
    Reason(
        "Channels 2 loses an exception in `handle` of an AsyncHttpConsumer (StopConsumer is raised in a "
        "`finally`), so that inside there is none to record; outside there is the one that `to_asgi3` raises "
        "for an application without a response",
        ("records of /lost",),
        lambda failure: "meant to happen in handle" not in str(failure.mixed),
        directions=("new",),
        applications=("channels",),
    ),
    Reason(
        "ElasticAPM for Starlette asks the routes of what is mounted for their patterns; those of 0.11.4 are "
        "behind the adapter, and the path is the name",
        ("records of /items/7",),
        lambda failure: "GET /items/7" in str(failure.mixed) and "GET /items/{" in str(failure.native),
        middlewares=("elastic-apm for Starlette",),
        applications=("starlette",),
    ),
    Reason(
        "ElasticAPM for Starlette ends a transaction in the ServerErrorMiddleware of today's Starlette: "
        "natively already in that of the mounted application, before the error is there, which so loses its "
        "response",
        ("records of /boom", "records of /boom-later"),
        _told_with_its_response,
        middlewares=("elastic-apm for Starlette",),
        applications=("starlette",),
    ),
    Reason(
        "ElasticAPM for Starlette goes on handing out the request after its body, which "
        "Django 6.1 answers with an AssertionError and Channels 2 does not ask for",
        ("a Django view", "records of /view"),
        lambda failure: "AssertionError" not in str(failure.mixed) and "500" not in str(failure.mixed),
        middlewares=("elastic-apm for Starlette",),
        applications=("channels",),
        better=True,
    ),
    Reason(
        "daphne speaks no lifespan",
        ("start-up",),
        lambda failure: bool(failure.mixed[0]["body"] == "[]"),
        directions=("old",),
        servers=("daphne",),
    ),
    Reason(
        "daphne speaks no lifespan",
        ("shutdown",),
        _is([{"shutdown wrote": None, "ended in time": True}]),
        directions=("old",),
        servers=("daphne",),
    ),
    Reason(
        "`to_asgi3` finishes the response instead of cutting it off, or daphne would answer no failing "
        "request again (A41), as it does natively",
        ("exception in the middle of an answer",),
        _finished,
        servers=("daphne",),
    ),
    Reason(
        "daphne answers no failing request after it; so it is without any middleware, because no `to_asgi3` "
        "stands around this stack",
        ("exception in the middle of an answer",),
        lambda failure: bool(
            failure.mixed == [*failure.native[:2], {"nothing": "timeout"}]
            and failure.native[2] == {"status": 500}
        ),
        forms=("asgi2",),
        servers=("daphne-2.3.0",),
    ),
    Reason(
        "`to_asgi3` fills in the scheme and the HTTP version that daphne leaves out of "
        "the scope of a WebSocket",
        SOCKETS,
        _with_scheme,
        directions=("new",),
        forms=("inside",),
        servers=("daphne",),
        better=True,
    ),
    Reason(
        "servers of 2019 leave the HTTP version, and daphne the scheme, out of the scope of a WebSocket",
        SOCKETS,
        lambda failure: _with_scheme(Failure(failure.name, failure.mixed, failure.native)),
        directions=("new",),
        forms=("asgi2",),
    ),
    Reason(
        "Starlette 0.44 makes an ExceptionGroup of an exception in a streamed answer",
        ("records of /boom-later",),
        lambda failure: "ExceptionGroup" in str(failure.native) and "RuntimeError" in str(failure.mixed),
        directions=("new",),
        applications=("starlette",),
        forms=("asgi2",),
        better=True,
    ),
    Reason(
        "OpenTelemetry's span ends with the response, which `to_asgi3` finishes before the exception goes on "
        "(A41)",
        ("records of /boom-later",),
        _ended_early,
        directions=("new",),
        middlewares=("opentelemetry", "three"),
        forms=("outside",),
        servers=("daphne",),
    ),
    Reason(
        "Channels 2 loses the exception of `handle`, as above, and daphne waits for a response; so it is "
        "without any middleware",
        ("exception in handle of a consumer",),
        lambda failure: bool(failure.mixed == [{"nothing": "timeout"}, *failure.native[1:]]),
        applications=("channels",),
        forms=("asgi2",),
    ),
    Reason(
        "`to_asgi3` closes the WebSocket of an application that raises (1011), which is one more span",
        ("records of /ws/boom",),
        _closed_as_well,
        directions=("new",),
        forms=("outside",),
    ),
)


def reason_for(mix: Mix, failure: Failure) -> Optional[Reason]:
    """The reason on record for this difference, or None."""
    for reason in REASONS:
        if (
            failure.name in reason.names
            and (not reason.directions or mix.direction in reason.directions)
            and (not reason.middlewares or mix.middleware in reason.middlewares)
            and (not reason.applications or mix.application in reason.applications)
            and (not reason.forms or mix.form in reason.forms)
            and (not reason.servers or mix.server in reason.servers)
            and reason.instead(failure)
        ):
            return reason
    return None
