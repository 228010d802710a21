"""Classes that no function can stand for."""

from __future__ import annotations

import ast

import pytest

from asgi_compat.migrate.class_checks import check_class
from asgi_compat.migrate.registry import Refusal
from asgi_compat.migrate.rewrites.classes import uses

from .analysing import analysed

APPLICATION = """
class App:
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        await send({"type": "http.response.start"})
"""
STARRED = APPLICATION.replace("self, scope", "self, scope, *more")


@pytest.mark.parametrize(
    "text, reason",
    [
        ("@known" + APPLICATION, "decorator known makes of the class App"),
        (APPLICATION.replace("App:", "App(metaclass=M):"), "metaclass makes of the class App"),
        (APPLICATION + "App.__call__ = other\n", "__call__ of App is replaced at run time"),
        (APPLICATION + "isinstance(x, App)\n", "used as a class, too"),
        (APPLICATION + "    def a(self): print(self.__class__)\n", "looks at its own class"),
        (APPLICATION + "    def a(self): return type(self)\n", "looks at its own class"),
        (APPLICATION + "        self.hook()\n    def hook(self): ...\n", "is a base class"),
        (
            APPLICATION + "        run(self.hook)\n    def hook(self):\n        'To be written.'\n",
            "is a base class",
        ),
        (APPLICATION + "        getattr(self, 'hook')()\n    def hook(self): ...\n", "is a base class"),
        (APPLICATION + "        getattr(self, self.a)()\n    def hook(self): ...\n", "is a base class"),
        (APPLICATION + "    def hook(self): raise NotImplementedError\n", "is a base class"),
        (
            APPLICATION + "    def a(self): return getattr(self, self.b, self.c)\n",
            "calls methods that",
        ),
        (APPLICATION.replace("App", "EchoConsumer"), "base class of consumers"),
        (APPLICATION + "registry.register(App)\n", "put into a registry"),
        (STARRED, "parameters of App cannot be seen"),
    ],
)
def test_check_class_that_is_more_than_an_application_is_refused(text: str, reason: str) -> None:
    """Each has its sentence."""
    analysis = analysed(text)
    (node,) = (item for item in analysis.module.nodes if isinstance(item, ast.ClassDef))
    with pytest.raises(Refusal, match=reason):
        check_class(analysis, node, analysis.helpers[node], uses(analysis, node))


@pytest.mark.parametrize(
    "text",
    [
        APPLICATION,
        APPLICATION.replace("self.scope = scope", "..."),
        APPLICATION + "    def __del__(self): ...\n",
        APPLICATION + "        self.log()\n    def unused(self): ...\n    def log(self): print(self)\n",
        APPLICATION
        + "        getattr(self, 'log')()\n    def unused(self): ...\n    def log(self): print(self)\n",
    ],
    ids=["plain", "constructor", "special", "unused", "constant-name"],
)
def test_check_class_that_is_only_an_application_is_taken(text: str) -> None:
    """An empty method is a hook only if the class itself uses it."""
    analysis = analysed(text)
    ((node, helper),) = analysis.helpers.items()
    check_class(analysis, node, helper, uses(analysis, node))
