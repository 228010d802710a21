"""The row of daphne."""

from __future__ import annotations

import sys
import types
from typing import List, Sequence

import pytest

from asgi_compat import serve
from asgi_compat.serve.signals import Signals


@pytest.mark.parametrize("aborted", [False, True])
def test_start_that_could_not_listen_raises(aborted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """daphne before 4.2 ends with status 0 then."""
    given: List[Sequence[str]] = []

    class CommandLineInterface:
        def run(self, arguments: Sequence[str]) -> None:
            given.append(arguments)
            self.server = types.SimpleNamespace(abort_start=aborted)

    module = types.ModuleType("daphne.cli")
    vars(module).update(CommandLineInterface=CommandLineInterface)
    monkeypatch.setitem(sys.modules, "daphne", types.ModuleType("daphne"))
    monkeypatch.setitem(sys.modules, "daphne.cli", module)
    options = serve.Options(server="daphne", port=1, root_path="/pre", log_level="debug")
    row = serve.SERVERS["daphne"]
    if aborted:
        with pytest.raises(serve.ServerFailedError, match="could not listen"):
            row.start(row.arguments(options), options, Signals())
    else:
        row.start(row.arguments(options), options, Signals())
    words = ["-v", "2", "-b", "127.0.0.1", "-p", "1", "--root-path", "/pre", "asgi_compat.serve:application"]
    assert given == [words]
