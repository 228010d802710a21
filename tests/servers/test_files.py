"""A current application behind old middleware on servers that offer to send files."""

from __future__ import annotations

import urllib.request

import pytest
from starting import COLUMNS, Server


@pytest.mark.parametrize("name", ["granian", "uvicorn-httptools-sansio"])
@pytest.mark.parametrize("application", ["stack", "converted"])
def test_file_response_behind_old_middleware_is_sent_in_bodies(name: str, application: str) -> None:
    with Server(COLUMNS[name], f"files_application:{application}") as server:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/", timeout=10) as response:
            assert response.status == 200
            assert b"A FILERESPONSE BEHIND OLD MIDDLEWARE" in response.read()
