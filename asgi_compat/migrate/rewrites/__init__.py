"""The rewrites: one file for each idiom.

A file registers its `Rewrite`, and either a recogniser of what outer halves return or a step. The
numbers there are the order in which they are asked and taken.
"""

from __future__ import annotations

from .. import adapter_uses, leftovers, outer_halves, refusals
from . import (
    bound_methods,
    channels_constructors,
    channels_middleware,
    channels_routes,
    class_partials,
    classes,
    closures,
    event_names,
    event_shapes,
    flattening,
    hands_on,
    helper_classes,
    instances,
    partials,
    responses,
    servers,
    type_names,
    unused_imports,
)

MODULES = (
    refusals,
    closures,
    partials,
    responses,
    helper_classes,
    bound_methods,
    hands_on,
    outer_halves,
    classes,
    class_partials,
    instances,
    channels_routes,
    channels_middleware,
    channels_constructors,
    event_names,
    event_shapes,
    type_names,
    servers,
    leftovers,
    adapter_uses,
    flattening,
    unused_imports,
)
