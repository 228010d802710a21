"""The application that the environment variable ``ASGI_COMPAT_APP`` names, for any server.

No module to write::

    ASGI_COMPAT_APP=shop:application uvicorn asgi_compat.auto:application
    ASGI_COMPAT_APP="shop:create_app --factory --profile articles-2018" hypercorn asgi_compat.auto:application

The value is what ``python -m asgi_compat serve`` takes: the import string, and the options that say what the
application is. The repairs are printed as ``serve`` prints them.
"""

from __future__ import annotations

from typing import Any

from asgi_compat import ASGI3App

from .cli.serve import application_options
from .serve import LoadError, application_from, named_in_environment

_words = named_in_environment()
if _words:
    # Not in __getattr__: hypercorn looks it up in the dictionary of the module.
    app: ASGI3App = application_from(application_options(_words))
    application: ASGI3App = app


def __getattr__(name: str) -> Any:
    if name in ("app", "application"):
        raise LoadError(
            "ASGI_COMPAT_APP is not set: set it to the import string of the application, module:app"
        )
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
