"""The whole service: to_asgi3, to_asgi2, their middleware forms, quirks and profiles.

Invariants:

1. One adapter and never two: see `service`.
2. The rules are compiled when an application is wrapped, never while a request is served.
3. Everything known about a framework is a row of `PROFILES`. Nothing else here names one.
4. A package is asked for its version only if it is already imported, and only when wrapping.
"""

from __future__ import annotations

from .adapters import ToAsgi2 as ToAsgi2
from .adapters import ToAsgi3 as ToAsgi3
from .adapters import open_new as open_new
from .behind import call_behind_old as call_behind_old
from .engine import Options as Options
from .engine import call_in_thread as call_in_thread
from .lazy_startup import wait_until_started as wait_until_started
from .middleware import AdaptedMiddlewareStack as AdaptedMiddlewareStack
from .middleware import MiddlewareToAsgi2 as MiddlewareToAsgi2
from .middleware import MiddlewareToAsgi3 as MiddlewareToAsgi3
from .middleware import middleware_to_asgi2 as middleware_to_asgi2
from .middleware import middleware_to_asgi3 as middleware_to_asgi3
from .profiles import PROFILES as PROFILES
from .profiles import Profile as Profile
from .profiles import profile_of as profile_of
from .quirks import Quirks as Quirks
from .service import check_options as check_options
from .service import to_asgi2 as to_asgi2
from .service import to_asgi3 as to_asgi3
from .serving import serve as serve
from .startup import prepare_connection as prepare_connection
from .startup import prepare_lifespan as prepare_lifespan
