"""What several rules share: the events that they are about, their texts and their evidence."""

from __future__ import annotations

WITH_HEADERS_OR_LINKS = (
    "http.response.start, websocket.accept, websocket.http.response.start, http.response.push, "
    "http.response.early_hint, http.response.trailers"
)
WITH_HEADERS = (
    "http.response.start, websocket.accept, websocket.http.response.start, http.response.push, "
    "http.response.trailers"
)
FRAMED = "http.response.start, websocket.accept, websocket.http.response.start, http.response.push"
STARTS = "http.response.start, websocket.http.response.start"
BODIES = "http.response.body, websocket.http.response.body"
HEADERS_WITHOUT_ACCEPT = (
    "http.response.start, websocket.http.response.start, http.response.push, http.response.trailers"
)
FRAMED_WITHOUT_ACCEPT = "http.response.start, websocket.http.response.start, http.response.push"
ONE_FRAMING = (
    "transfer-encoding and pseudo headers are dropped; of content-lengths that are equal one "
    "stays, and ones that differ are refused"
)
WHY_ONE_FRAMING = (
    "framing is the server's; after two lengths the next answer on the connection is out of step"
)
CURRENT_SERVERS = "uvicorn 0.54, hypercorn 0.18, daphne 4.2.3, granian 2.8.7 on the wire"
OLD_SERVERS = "uvicorn 0.2 and 0.6, hypercorn 0.4, daphne 2 on the wire"

#: What is done about an error in the middle of a response on daphne, in both directions (A41, B40).
FINISHED_RESPONSE = "on daphne the response is finished before an exception in the middle of it goes on"
WHY_FINISHED_RESPONSE = "one such exception stops daphne's error handling for the whole process"
LOSES_FINISHED_RESPONSE = (
    "the client takes the response for complete, or waits for what content-length promised"
)

LAZY_STARTUP = "by quirk: start-up before the first connection of a loop, where no lifespan was sent"
LOSES_LAZY_STARTUP = "the first connection waits; shutdown runs when the loop or the process ends"
