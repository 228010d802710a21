"""Split an import string, and say what is wrong with one: file names, calls, prefixes of servers."""

from __future__ import annotations

import ast
import os
import re
import shlex
from typing import List, NamedTuple, Tuple

from .errors import UsageError


class ImportString(NamedTuple):
    """The parts of ``module:attribute.path``."""

    module: str
    #: Empty for a module alone.
    path: str


_CALL = re.compile(r"([\w.]+:[\w.]+)\((.*)\)$", re.DOTALL)
#: A URL, or a host and a port.
_ADDRESS = re.compile(r"[a-z]+://|[\w.-]+:\d+(?:/|$)")
#: hypercorn's.
_PREFIX = re.compile(r"(?:asgi|wsgi):([\w.]+:[\w.]+)$")
_FILE = re.compile(r"((?:[A-Za-z]:[\\/])?[^:]*)(?::(.*))?$", re.DOTALL)


def parse_target(target: str, *, factory: bool = False) -> ImportString:
    """Split an import string, or raise `UsageError` for a file name or anything else.

    `factory` is whether that option was given, which the advice repeats.

    >>> parse_target("myproject.asgi:app")
    ImportString(module='myproject.asgi', path='app')
    """
    if not target:
        raise UsageError("'' is not an import string (an unset variable?): write module:attribute")
    _refuse_known_forms(target, factory)
    module, colon, path = target.partition(":")
    names = module.split(".") + (path.split(".") if colon else [])
    if not all(names) or any(name != name.strip() for name in names):
        raise UsageError(
            f"{target!r} is not an import string: write module:attribute, as in myproject.asgi:app"
        )
    return ImportString(module, path)


def _refuse_known_forms(target: str, factory: bool) -> None:
    if _ADDRESS.match(target):
        raise UsageError(
            f"{target!r} is an address: name the application that is served there, as in myproject.asgi:app;"
            " it is imported, and nothing is asked over the network"
        )
    call = _CALL.match(target)
    if call:
        advice = f"name it and add the option, as in {call.group(1)} --factory"
        if call.group(2).strip():
            advice = "a factory is called without arguments: write a function or a variable that passes them"
        raise UsageError(f"{target!r} is a call: {advice}")
    option = " --factory" if factory else ""
    prefix = _PREFIX.match(target)
    if prefix:
        advice = f"leave it out, as in {prefix.group(1)}{option}"
        raise UsageError(f"{target!r} has a prefix of hypercorn: {advice}")
    file = _FILE.match(target)
    if file and ("/" in file.group(1) or "\\" in file.group(1) or file.group(1).endswith(".py")):
        module, folder = module_of(file.group(1))
        path = file.group(2) or application_in(file.group(1))
        where = f" --app-dir {shlex.quote(folder)}" if folder else ""
        name = shlex.quote(f"{module}:{path}")
        raise UsageError(f"{target!r} names a file: name the module, as in {name}{option}{where}")


def module_of(file: str) -> Tuple[str, str]:
    """Return the dotted name of the module in a file, and the directory that must be on the path.

    A folder with an ``__init__.py`` is a package, and part of the name.

    >>> module_of("src/shop.py")
    ('shop', 'src')
    """
    folder, name = os.path.split(file.replace("\\", "/"))
    names = [name[:-3] if name.endswith(".py") else name]
    while folder and os.path.isfile(os.path.join(folder, "__init__.py")):
        above, name = os.path.split(folder)
        if not name or name == "..":
            break
        names.insert(0, name)
        folder = above
    if len(names) > 1 and names[-1] == "__init__":
        names.pop()
    return ".".join(names), "" if folder == "." else folder


def application_in(file: str) -> str:
    """Return the name in a file that is most likely the application, without running it."""
    try:
        with open(file, encoding="utf-8") as source:
            body = ast.parse(source.read()).body
    except (OSError, SyntaxError, ValueError):
        return "app"
    assigned = [
        target.id
        for node in body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    defined = [node.name for node in body if _takes_a_scope(node)]  # type: ignore[attr-defined]
    for name in ("app", "application"):
        if name in assigned or name in defined:
            return name
    return defined[0] if len(defined) == 1 else "app"


def _takes_a_scope(node: ast.AST) -> bool:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return "scope" in _parameters(node)
    if isinstance(node, ast.ClassDef):
        return any(isinstance(inner, ast.AST) and _takes_a_scope(inner) for inner in node.body)
    return False


def _parameters(node: ast.AST) -> List[str]:
    arguments = node.args  # type: ignore[attr-defined]
    return [argument.arg for argument in arguments.args]
