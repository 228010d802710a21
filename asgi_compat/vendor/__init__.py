"""Write detection and the shape adapters into one file that imports nothing outside the standard library.

For agents and servers that must not have dependencies. The modules of `_detect` and `_adapt` are written one
after the other, without comments, without most docstrings and without functions that nothing in them uses.
Nothing is renamed: names at the top of a module are unique over all of them, or writing fails.
"""

from __future__ import annotations

import ast
from typing import Dict, List, Set

from asgi_compat import __version__

from .module import DEFINITIONS, NAMES, Module

#: The modules of these names; what they need is found from there.
ROOTS = ("_detect/classify", "_detect/marks", "_detect/registry", "_adapt/guarantee")


HEADER = '''\
"""Detect ASGI2 and ASGI3 applications, and call one as the other: a part of asgi_compat {version}.

Written by `python -m asgi_compat vendor`: do not edit it, write it again. It imports nothing outside the
standard library and runs on Python 3.8 and later.

{license}
"""

from __future__ import annotations

{imports}

__version__ = "{version}"
__all__ = [{names}]  # noqa: E501
'''

LICENSE = """\
Copyright (c) 2026, the asgi_compat authors

Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions are met:

1. Redistributions of source code must retain the above copyright notice, this
   list of conditions and the following disclaimer.

2. Redistributions in binary form must reproduce the above copyright notice,
   this list of conditions and the following disclaimer in the documentation
   and/or other materials provided with the distribution.

3. Neither the name of the copyright holder nor the names of its
   contributors may be used to endorse or promote products derived from
   this software without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS \"AS IS\"
AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE
IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE."""


def _imports(modules: List[Module]) -> str:
    """Return the imports of all, a line for each module."""
    found: Dict[str, Set[str]] = {}
    for module in modules:
        for name, what in module.imports:
            found.setdefault(name, set()).add(what)
    lines = [f"import {name}" for name in sorted(found) if "" in found[name]]
    for name in sorted(found):
        what = ", ".join(sorted(found[name] - {""}))
        lines += [f"from {name} import {what}"] if what else []
    return "\n".join(lines)


def _in_order() -> List[Module]:
    """Return the modules, each behind those that it needs."""
    found: Dict[str, Module] = {}
    order: List[Module] = []
    waiting = list(ROOTS)

    def add(path: str) -> None:
        if path in found:
            return
        module = found[path] = Module(path)
        for needed in module.needs:
            add(needed)
        order.append(module)
        waiting.extend(module.needs_later)

    while waiting:
        add(waiting.pop(0))
    return order


def _references(statement: ast.stmt) -> Set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}


def _drop_unused(modules: List[Module]) -> None:
    """Drop the functions and classes that nothing which is left refers to."""
    defined: Dict[str, ast.stmt] = {}
    waiting: Set[str] = set(NAMES)
    for module in modules:
        for statement in module.tree.body:
            if isinstance(statement, DEFINITIONS):
                defined[statement.name] = statement
            elif not module.drops(statement):
                waiting |= _references(statement)
    used: Set[str] = set()
    while waiting:
        name = waiting.pop()
        used.add(name)
        if name in defined:
            waiting |= _references(defined[name]) - used
    for module in modules:
        for statement in module.tree.body:
            if isinstance(statement, DEFINITIONS) and statement.name not in used:
                module.drop(statement)


def check_names(modules: List[Module]) -> None:
    """Raise RuntimeError when two modules define the same name."""
    seen: Dict[str, str] = {}
    for module in modules:
        for name in set(module.names()):
            if name in seen:
                raise RuntimeError(f"{module.path} and {seen[name]} both define {name}: rename one")
            seen[name] = module.path


def vendored() -> str:
    """Return the text of a file that has detection and the shape adapters in it.

    It imports nothing outside the standard library, and has the names of `NAMES`.

    >>> text = vendored()
    >>> namespace = {"__name__": "_asgi_detection"}
    >>> exec(compile(text, "_asgi_detection.py", "exec"), namespace)
    >>> namespace["classify"](lambda environ, start_response: []).style.value
    'wsgi'
    """
    modules = _in_order()
    check_names(modules)
    _drop_unused(modules)
    header = HEADER.format(
        version=__version__,
        license=LICENSE,
        imports=_imports(modules),
        names=", ".join([f'"{name}"' for name in NAMES]),
    )
    return header + "\n".join([module.text() for module in modules]) + "\n"
