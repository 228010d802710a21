"""The names that carry meaning: of parameters, and of the places where an application is kept.

All lists of names are here. The detector, the list of layers and the loader of import strings read them.
Names decide only where the number of arguments leaves more than one reading.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Tuple

SCOPE, RECEIVE, SEND = "scope", "receive", "send"
ENVIRON, START_RESPONSE = "environ", "start_response"
APP, REQUEST, SELF, CONFIG, ROUTE = "app", "request", "self", "config", "route"
#: Parameters of what is older than ASGI2, beside REQUEST: see `_detect/older.py`.
TYPE, REPLY, CHANNELS = "type", "reply", "channels"

_WRAPPED = (
    "wsgi_app inner_app next_app downstream asgi_application get_response next call_next func fn"
    " function handler view endpoint callback coro coroutine method klass main wrapper wrapped_app"
)

#: Where applications are kept: each name, and what it is usual for, the commonest first.
#:
#: - ``import``: the variable meant by an import string without a name, as in ``serve module``
#: - ``module``: a variable of a module, an attribute of a server or of a configuration
#: - ``layer``: an attribute, keyword or closure variable in which a middleware keeps what it wraps
#: - ``callable``: a method that is the application, or returns it
#: - ``parameter``: a parameter that takes an application or a function to wrap
PLACES = (
    ("app", "import module layer parameter callable"),
    ("_app", "layer"),
    ("inner", "layer parameter"),
    ("_inner", "layer"),
    ("application", "import module layer parameter callable"),
    ("_application", "layer"),
    ("asgi_app", "module layer parameter callable"),
    ("asgi", "module parameter callable"),
    ("loaded_app", "module"),
    ("api", "module"),
    ("wrapped", "layer parameter"),
    ("_wrapped", "layer"),
    ("middleware_stack", "layer"),
    ("router", "layer"),
    # Socket.IO and Engine.IO.
    ("other_asgi_app", "layer"),
    # Starlette before 0.12.
    ("lifespan_middleware", "layer"),
    ("error_middleware", "layer"),
    ("exception_middleware", "layer"),
    *[(name, "callable") for name in ("as_asgi", "get_asgi_app", "get_app")],
    *[(name, "parameter") for name in _WRAPPED.split()],
)


def names_for(use: str) -> Tuple[str, ...]:
    """Return the names that are usual for one use of `PLACES`."""
    return tuple([name for name, uses in PLACES if use in uses.split()])


IMPORT_NAMES = names_for("import")
MODULE_NAMES = names_for("module")
LAYER_NAMES = names_for("layer")
METHOD_NAMES = names_for("callable")

#: Attributes in which a router keeps a dict of applications. What is in the first is always one.
TABLE_NAMES = ("application_mapping", "routes", "apps", "applications", "mounts", "handlers", "protocols")

#: Attributes that hold what an instance of a known wrapper class calls, by the module and the name of a
#: class in the resolution order. The packages are never imported.
KNOWN_WRAPPERS = {
    ("werkzeug.local", "LocalProxy"): "_get_current_object()",
    ("typing", "_GenericAlias"): "__origin__",
    ("types", "GenericAlias"): "__origin__",
    ("functools", "_lru_cache_wrapper"): "__wrapped__",
}


class Roles(dict):  # type: ignore[type-arg]  # a dict of str to str; 3.8 cannot say so here
    """Parameter name -> the role it plays, "" for none.

    The keys are in lower case and without leading and trailing underscores; the lookup takes any name.

    >>> ROLES["scope"], ROLES["_Scope_"], ROLES["x"]
    ('scope', 'scope', '')
    """

    def __missing__(self, name: str) -> str:
        role: str = self.get(name.strip("_").lower(), "")
        return role


ROLES = Roles(
    (name, role)
    for role, names in (
        (SCOPE, "scope asgi_scope connection_scope conn_scope scp"),
        (RECEIVE, "receive recv rcv rx receiver asgi_receive r get_message"),
        (SEND, "send snd tx sender asgi_send w put_message"),
        (ENVIRON, "environ env environment wsgi_environ wsgi_env e"),
        (START_RESPONSE, "start_response start sr start_resp startresponse start_fn"),
        (APP, " ".join(names_for("parameter"))),
        (REQUEST, "request req event message msg body payload websocket ws"),
        (SELF, "self cls mcs mcls metacls"),
        (CONFIG, "config settings conf cfg options opts debug testing config_name name env_name"),
        (ROUTE, "route path rule url uri regex pattern prefix"),
        (TYPE, "type"),
        (REPLY, "reply"),
        (CHANNELS, "channels"),
    )
    for name in names.split()
)
