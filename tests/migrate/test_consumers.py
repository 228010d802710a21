"""Which classes are consumers of Channels."""

from __future__ import annotations

import ast

import pytest

from asgi_compat.migrate.consumers import is_consumer
from asgi_compat.migrate.module import Module
from asgi_compat.migrate.source import Source

TEXT = """
from channels.generic.websocket import WebsocketConsumer
from . import consumers, views
from .other import ChatConsumer, ChatView
class Mine(WebsocketConsumer): ...
class Yours(Mine): ...
class View: ...
Alias = Yours
"""


@pytest.mark.parametrize(
    "name, found",
    [
        ("Mine", True),
        ("Yours", True),
        ("Alias", True),
        ("ChatConsumer", True),
        ("consumers.ChatConsumer", True),
        ("View", False),
        ("ChatView", False),
        ("views.index", False),
        ("unknown", False),
    ],
)
def test_is_consumer_by_bases_and_names(name: str, found: bool) -> None:
    """A class of this file by its bases, one of another file by its name."""
    module = Module(Source((TEXT + name).encode()))
    statement = module.tree.body[-1]
    assert isinstance(statement, ast.Expr)
    assert is_consumer(module, statement.value) is found
