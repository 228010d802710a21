"""The length of a body, as its start promises it and as it is counted."""

from __future__ import annotations

import io
import os

import pytest

from asgi_compat import AppMessageError
from asgi_compat._messages import lengths
from asgi_compat._messages.lengths import ANY_LENGTH, NO_BODY

START, DENIAL = "http.response.start", "websocket.http.response.start"
BODY = {"type": "http.response.body", "body": b"123", "more_body": False}


def start(status=200, length=None, kind=START):
    headers = [(b"x", b"y")] + ([] if length is None else [(b"content-length", length)])
    return {"type": kind, "status": status, "headers": headers}


@pytest.mark.parametrize(
    "status, expected",
    [(200, False), (204, True), (304, True), (101, True), (199, True), (205, False), ("204", False)],
)
def test_has_no_body_by_status(status, expected):
    assert lengths.has_no_body(status) is expected


@pytest.mark.parametrize(
    "left, sent, more, after", [(5, 3, True, 2), (5, 5, True, 0), (5, 5, False, 0), (0, 0, False, 0)]
)
def test_count_left_is_what_is_still_to_come(left, sent, more, after):
    assert lengths.count_left(left, BODY, sent, more) == after


@pytest.mark.parametrize(
    "left, sent, more, words",
    [(2, 3, True, "1 bytes more"), (5, 3, False, "2 bytes fewer"), (0, 1, False, "1 bytes more")],
)
def test_count_left_refuses_a_body_of_another_length(left, sent, more, words):
    with pytest.raises(AppMessageError, match=words) as caught:
        lengths.count_left(left, BODY, sent, more)
    assert caught.value.expected == f"{left} bytes" and caught.value.field == "body"
    assert caught.value.got == sent


def test_mismatch_of_a_file_names_the_file():
    assert lengths.mismatch({"type": "http.response.pathsend"}, 5, "fewer", 2).field == "file"


@pytest.mark.parametrize("status, kept", [(200, True), (204, False), (304, False)])
def test_without_length_takes_it_off_where_there_is_no_body(status, kept):
    event = start(status, b"5")
    out = lengths.without_length(event)
    assert (out is event) is kept and ((b"content-length", b"5") in out["headers"]) is kept
    assert (b"x", b"y") in out["headers"]
    assert lengths.without_length(start(status)) == start(status)


@pytest.mark.parametrize(
    "status, length, to_head, expected",
    [
        (200, None, False, ANY_LENGTH),
        (200, b"5", False, 5),
        (200, b"5", True, NO_BODY),
        (204, b"5", False, NO_BODY),
        (100, None, False, NO_BODY),
    ],
)
def test_response_length_is_the_content_length_or_a_word(status, length, to_head, expected):
    assert lengths.response_length(start(status, length), to_head) == expected


@pytest.mark.parametrize(
    "status, length, expected", [(403, None, ANY_LENGTH), (403, b"5", 5), (204, b"5", NO_BODY)]
)
def test_denial_length_is_the_content_length_or_a_word(status, length, expected):
    assert lengths.denial_length(start(status, length, DENIAL)) == expected


@pytest.mark.parametrize("function", [lengths.start_length, lengths.denial_length])
def test_start_length_refuses_what_is_no_number_and_names_the_header(function):
    with pytest.raises(AppMessageError, match="content-length") as caught:
        function(start(length=b"many"))
    assert caught.value.field == "headers" and caught.value.message_type == START


@pytest.mark.parametrize(
    "event, expected",
    [(start(204), True), (start(200, b"0"), True), (start(200, b"1"), False), ({"status": 200}, False)],
)
def test_declares_no_body_by_its_status_or_its_length(event, expected):
    assert lengths.declares_no_body(event) is expected


def test_with_empty_length_adds_a_header_and_leaves_the_start():
    event = start()
    out = lengths.with_empty_length(event)
    assert lengths.start_length(out) == 0 and lengths.start_length(event) == ANY_LENGTH


@pytest.mark.parametrize(
    "fields, expected",
    [
        ({}, 10),
        ({"offset": 4}, 6),
        ({"count": 3}, 3),
        ({"offset": 8, "count": 5}, 2),
        ({"count": -1}, None),
        ({"offset": 20}, 0),
    ],
)
def test_file_size_of_a_descriptor(tmp_path, fields, expected):
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    descriptor = os.open(str(path), os.O_RDONLY)
    try:
        assert lengths.file_size({"file": descriptor, **fields}) == expected
    finally:
        os.close(descriptor)


def test_file_size_of_a_file_that_has_been_read_is_unknown(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    with path.open("rb") as opened:
        assert lengths.file_size({"file": opened}) == 10
        opened.read(1)
        assert lengths.file_size({"file": opened}) is None


@pytest.mark.parametrize("file", [None, "path", io.BytesIO(b"x"), -1])
def test_file_size_of_anything_else_is_unknown(file):
    assert lengths.file_size({"file": file}) is None


def test_file_size_of_a_pipe_is_unknown():
    reading, writing = os.pipe()
    try:
        assert lengths.file_size({"file": reading}) is None
    finally:
        os.close(reading)
        os.close(writing)
