"""Run an application of either style behind an adapter, on a server that a test plays."""

from __future__ import annotations

import asyncio

from messages.cases import http

from asgi_compat import Quirks, to_asgi2, to_asgi3
from asgi_compat._connections import HttpExchange, LegacyHttpExchange, Policy
from asgi_compat._messages.compile import compile_rules
from asgi_compat._messages.table import OF_DOUBLES, OF_SINGLES, TABLE


def shaped(function, style):
    """Return ``function(receive, send)`` as an application of a style."""

    async def single(scope, receive, send):
        return await function(receive, send)

    def double(scope):
        async def instance(receive, send):
            return await function(receive, send)

        return instance

    return single if style == "single" else double


async def serve(function, scope, receive, send, *, style="double", direction="A", **options):
    """Serve one connection on a server of today ("A") or of 2018 ("B")."""
    app = shaped(function, style)
    if direction == "A":
        return await to_asgi3(app, **options)(scope, receive, send)
    return await to_asgi2(app, **options)(scope)(receive, send)


def run(function, scope, receive, send, **options):
    """Serve one connection in a loop of its own, for five seconds at most."""

    async def main():
        return await asyncio.wait_for(serve(function, scope, receive, send, **options), 5)

    return asyncio.run(main())


def never():
    """Return what waits until it is cancelled."""
    return asyncio.get_running_loop().create_future()


class Server:
    """Gives some events, then does what ``after`` says at each receive."""

    def __init__(self, *events, after=None):
        self.events, self.after, self.sent, self.asked = list(events), after, [], 0

    async def receive(self):
        self.asked += 1
        if self.events:
            return self.events.pop(0)
        return await self.after()

    async def send(self, event):
        self.sent.append(event)


class Reports(list):
    """The ids of the rules that were reported."""

    def __call__(self, blame, rule, *rest):
        self.append(rule)


def policy_of(direction="A", style="double", reports=None, **quirks):
    """Return the policy of an adapter for applications of a style."""
    table = TABLE.without(OF_DOUBLES if style == "single" else OF_SINGLES)
    report = Reports() if reports is None else reports
    return Policy(compile_rules(direction, Quirks(**quirks), report, table))


def exchange_of(direction="A", style="double", scope=None, server=None, reports=None, **quirks):
    """Return an exchange whose handlers can be called one by one, without a loop."""
    policy, scope = policy_of(direction, style, reports, **quirks), http() if scope is None else scope
    server = Server() if server is None else server
    cls = HttpExchange if direction == "A" else LegacyHttpExchange
    return cls(policy, scope, server.receive, server.send, scope)


def take(exchange, event):
    """Return what goes out for one event."""
    return exchange.take(event["type"], event, exchange.policy.http.get(event["type"]))
