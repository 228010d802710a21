"""Tests of asgi_compat._messages.operations."""

from __future__ import annotations
