"""What is suggested for a name that is not there."""

from __future__ import annotations

import types
from pathlib import Path
from typing import Any

import pytest

from asgi_compat.serve import suggesting


def test_near_names_are_ordered() -> None:
    """A dash is a frequent slip for an underscore."""
    assert suggesting.near_names("my-app", ["other", "my_app", "my_apps"])[0] == "my_app"
    assert suggesting.near_names("x", ["application"]) == []


def test_suggest_module_finds_folder_below(tmp_path: Path) -> None:
    """The directory to start from is one level down."""
    (tmp_path / "src" / "shop").mkdir(parents=True)
    (tmp_path / "src" / "shop" / "__init__.py").write_text("")
    assert "add --app-dir src" in suggesting.suggest_module("shop.asgi", "shop", str(tmp_path))


def test_suggest_module_unreadable_directory_is_no_error(tmp_path: Path) -> None:
    """It may be gone, or not be readable."""
    said = suggesting.suggest_module("shop", "shop", str(tmp_path / "gone"))
    assert "neither in" in said and "--app-dir" in said


def test_suggest_submodule_needs_a_package_with_that_module() -> None:
    """`package:module` is a slip for `package.module:app`."""
    import email

    assert "email.message:app?" in suggesting.suggest_submodule(email, "email", ["message"])
    assert "email.message:a.b?" in suggesting.suggest_submodule(email, "email", ["message", "a", "b"])
    assert suggesting.suggest_submodule(email, "email", ["nothing"]) == ""
    assert suggesting.suggest_submodule(types.ModuleType("m"), "m", ["message"]) == ""


async def single(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("not called")


def takes_one(value: Any) -> None:
    raise AssertionError("not called")


@pytest.mark.parametrize(
    "imported, says", [(False, "it has chat: name that"), (True, "name the application")]
)
def test_suggest_attribute_offers_own_applications(imported: bool, says: str) -> None:
    """An imported function is hardly what a module offers, and a function of one argument is not either."""
    module = types.ModuleType("elsewhere" if imported else __name__)
    module.chat = single  # type: ignore[attr-defined]
    module.takes_one = takes_one  # type: ignore[attr-defined]
    assert says in suggesting.suggest_attribute(module, "")
