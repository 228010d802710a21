"""Runnable ASGI applications of both generations; ``examples/README.md`` lists them."""
