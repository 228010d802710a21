"""The rules, one module a direction."""

from __future__ import annotations
