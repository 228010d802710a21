"""``vendor``: where it writes the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from asgi_compat import cli, vendor


def test_vendor_writes_the_file_it_is_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "_asgi_detection.py"
    assert cli.main(["vendor", "--output", str(file)]) == cli.CLEAN
    assert file.read_text(encoding="utf-8") == vendor.vendored()
    printed = capsys.readouterr()
    assert printed.out == printed.err == ""


def test_vendor_writes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["vendor"]) == cli.CLEAN
    assert capsys.readouterr().out == vendor.vendored()


def test_vendor_into_a_missing_folder_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["vendor", "--output", str(tmp_path / "no" / "file.py")]) == cli.NO_OUTPUT
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1 and "No such file" in printed.err
