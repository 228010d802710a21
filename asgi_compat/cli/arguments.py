"""The arguments that commands share, and the types of arguments."""

from __future__ import annotations

import argparse
from typing import Any


def add_target(parser: argparse.ArgumentParser, *, optional: str = "") -> None:
    """Add the arguments that name an application."""
    parser.add_argument(
        "target",
        metavar="module:app",
        nargs="?",
        help="import string of the application; a module alone means its app or application" + optional,
    )
    parser.set_defaults(wrong_usage=parser.error)
    parser.add_argument(
        "--factory", action="store_true", help="treat the target as a factory: call it, and use the result"
    )
    parser.add_argument(
        "--django",
        default="",
        metavar="SETTINGS",
        help="set Django up with this settings module first; without module:app, take the project's own",
    )
    parser.add_argument(
        "--app-dir", default="", metavar="DIR", help="directory of the module (default: the current one)"
    )


def load_target(arguments: argparse.Namespace) -> Any:
    """Load the application that the arguments name."""
    from ..serve import load

    if arguments.target is None and not arguments.django:
        arguments.wrong_usage("the following arguments are required: module:app")
    app = load(
        arguments.target, app_dir=arguments.app_dir, factory=arguments.factory, django=arguments.django
    )
    if arguments.target is None:
        arguments.target = f"--django {arguments.django}"
    return app


def add_style(parser: argparse.ArgumentParser) -> None:
    """Add ``--style``."""
    parser.add_argument(
        "--style",
        choices=("auto", "single", "double"),
        default="auto",
        help="single is ASGI3, double is ASGI2; auto detects it (default: %(default)s)",
    )


def add_quirks(parser: argparse.ArgumentParser, what: str) -> None:
    """Add ``--quirk``."""
    parser.add_argument(
        "--quirk",
        dest="quirks",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=f"{what}; may be repeated",
    )
    parser.add_argument(
        "--profile",
        dest="quirks",
        action="append",
        type="profile={}".format,
        metavar="NAME",
        help="the quirks of a framework of that name (docs/quirks.md), where it is not recognised",
    )


def _number(text: str, low: int, high: int, what: str) -> int:
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise argparse.ArgumentTypeError(f"{text!r} is not {what}")
    return int(text)


def port(text: str) -> int:
    """Return a port, or raise what argparse reports."""
    return _number(text, 0, 65535, "a port: a number from 0 to 65535")


def count(text: str) -> int:
    """Return a number of processes, or raise what argparse reports."""
    return _number(text, 1, 1024, "a number of processes: 1 or more")


def grace(text: str) -> int:
    """Return a number of seconds, or raise what argparse reports. granian takes 1800 at most."""
    return _number(text, 1, 1800, "a number of whole seconds from 1 to 1800")


def root_path(text: str) -> str:
    """Return a path prefix, without its last slash, or raise what argparse reports."""
    if text.strip("/") and not text.startswith("/"):
        raise argparse.ArgumentTypeError(f"{text!r} does not start with a slash; use /{text}")
    return text.rstrip("/")


def asked_path(text: str) -> str:
    """Return a path as it stands in a URL, or raise what argparse reports."""
    if not text.startswith("/") or not text.isascii() or not text.isprintable() or " " in text:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a path of a URL: expected one that begins with a slash and is percent-encoded"
        )
    return text


def method(text: str) -> str:
    """Return an HTTP method, in capitals, or raise what argparse reports."""
    if not text.isascii() or not text.replace("-", "").isalnum():
        raise argparse.ArgumentTypeError(f"{text!r} is not an HTTP method")
    return text.upper()


def subprotocol(text: str) -> str:
    """Return the name of a subprotocol, or raise what argparse reports."""
    if not text.isascii() or not text.isprintable() or not text or set(text) & set(' ,;"'):
        raise argparse.ArgumentTypeError(f"{text!r} is not the name of a subprotocol: expected one token")
    return text


def timeout(text: str) -> float:
    """Return a number of seconds, or raise what argparse reports."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.05 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0.05 to 3600")
    return seconds
