"""What people pass as "the application": every shape with its truth, as data.

A truth is a fact that can be run. The tests drive every specimen by the labelled call, which must send
``http.response.start``, and by the other, which must not; so no label here is an opinion. A specimen is
``UNKNOWN`` only where two objects that look the same are called differently, and ``why`` says so.

A section is a module. The makers are unannotated on purpose (hence the line for mypy in each): they are
what people write. Every call of a maker builds everything anew, so that no drive sees what another one left
behind.
"""

from __future__ import annotations

from importlib import import_module

from .plain_forms import double as double
from .plain_forms import single as single
from .specimen import SPECIMENS as SPECIMENS
from .specimen import Specimen as Specimen
from .specimen import respond as respond

# Importing a section adds its specimens. The order is that of the explanation.
for section in (
    "plain_forms",
    "pass_through",
    "functions_single",
    "functions_double",
    "functions_either",
    "marks",
    "partials",
    "classes_double",
    "classes_single",
    "instances",
    "bound_methods",
    "own_parameters",
    "mocks",
    "factories",
    "wsgi",
    "not_callable",
    "not_applications",
    "second_look",
    "odd_names",
    "nearly",
):
    import_module(f"{__name__}.{section}")
