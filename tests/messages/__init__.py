"""Tests of asgi_compat._messages: the cases of every rule, and what is made of the rows."""

from __future__ import annotations
