"""Tests of asgi_compat._messages.rules."""

from __future__ import annotations
