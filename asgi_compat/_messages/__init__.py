"""What messages look like: the rows of the specification, the rules, and the functions made of them."""

from __future__ import annotations
