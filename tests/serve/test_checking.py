"""Options that contradict each other or that the server does not have, and servers that are missing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Dict

import pytest
import requires

from asgi_compat import MissingExtraError, serve


@pytest.mark.parametrize("server", serve.SERVERS)
@pytest.mark.parametrize("option", [{"workers": 2}, {"reload": True}])
def test_check_options_option_is_refused_or_supported(server: str, option: Dict[str, Any]) -> None:
    """As the row of the server says."""
    options = serve.Options(server=server, **option)
    (name,) = option
    if name in serve.SERVERS[server].lacks:
        with pytest.raises(serve.UsageError, match=f"--{name}: {server}"):
            serve.check_options(options)
    else:
        serve.check_options(options)


def test_check_server_granian_reload_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the check granian would report it in its log and end."""
    requires.package("granian")
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(MissingExtraError, match=r'pip install "granian\[reload\]"') as caught:
        serve.check_server(serve.Options(server="granian", reload=True))
    assert caught.value.extra == "granian[reload]"
    serve.check_server(serve.Options(server="granian"))


@pytest.mark.parametrize(
    "options, says",
    [
        ({"workers": 2, "reload": True}, "--workers and --reload exclude each other"),
        ({"factory": True}, "--factory: name the factory"),
        ({"style": "double"}, "--style: name the application"),
        ({"server": "apache"}, "--server apache: there are " + ", ".join(serve.SERVERS)),
        ({"quirks": ["join_body"]}, "write NAME=VALUE"),
    ],
)
def test_check_options_contradiction_raises_usage_error(options: Dict[str, Any], says: str) -> None:
    """Before anything is imported."""
    with pytest.raises(serve.UsageError, match=says):
        serve.check_options(serve.Options(**options))


def test_check_server_broken_package_quotes_its_error(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that is installed and fails to import is not called missing."""
    (tmp_path / "hypercorn.py").write_text("raise ImportError('half installed')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "hypercorn", raising=False)
    with pytest.raises(MissingExtraError, match=r"installed but cannot be imported \(half installed\)"):
        serve.check_server(serve.Options(server="hypercorn"))


@pytest.mark.parametrize(
    "server, version", [("uvicorn", "0.3.32"), ("hypercorn", "0.5.4"), ("granian", "0.2.1")]
)
def test_check_server_too_old_release_has_the_pip_line(
    server: str, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not "the application failed at start-up"."""
    requires.package(server)
    monkeypatch.setattr("asgi_compat.serve.checking.version_of", lambda package: version)
    says = rf"or later, and {version} is installed: python -m pip install -U "
    with pytest.raises(MissingExtraError, match=says):
        serve.check_server(serve.Options(server=server))


def test_check_server_too_old_package_beside_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """h11 0.8 beside hypercorn: the error names it."""
    (tmp_path / "hypercorn").mkdir()
    (tmp_path / "hypercorn" / "__init__.py").write_text("")
    (tmp_path / "hypercorn" / "asyncio.py").write_text("import pytest\npytest.NEED_DATA_OF_H11\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.partition(".")[0] == "hypercorn"]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(MissingExtraError, match=r'python -m pip install -U "hypercorn" "pytest"$'):
        serve.check_server(serve.Options(server="hypercorn"))
    for name in [name for name in sys.modules if name.partition(".")[0] == "hypercorn"]:
        sys.modules.pop(name)


@pytest.mark.parametrize("server", serve.SERVERS)
def test_check_server_installed_server_is_new_enough(server: str) -> None:
    """What the tests run with."""
    requires.package(server)
    serve.check_server(serve.Options(server=server))
