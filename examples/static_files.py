"""Static files under a prefix, read in a thread so that the event loop never waits for a disk.

Start it with one of::

    python -m asgi_compat serve examples.static_files:asgi2
    python -m asgi_compat serve examples.static_files:asgi3

and open http://127.0.0.1:8000/static/page.html. The files are those of ``examples/static``, or of the
folder that the environment variable ``STATIC_FOLDER`` names.
"""

from __future__ import annotations

import mimetypes
import os
import stat
from email.utils import formatdate
from pathlib import Path

from asgiref.sync import sync_to_async

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO, List, Optional, Tuple

    from asgi_compat import ASGI2Instance, Receive, Scope, Send

PIECE = 64 * 1024  # bytes


class StaticFiles:
    """The files of one folder: ``asgi2`` and ``asgi3`` are its two forms."""

    def __init__(self, folder: Path, prefix: str) -> None:
        self.folder = folder.resolve()
        self.prefix = prefix

    def open(self, path: str) -> Optional[BinaryIO]:
        """Return the file of a request's path, open for reading, or None when there is no such file."""
        try:
            # resolve() follows ".." and symbolic links to where they really lead, and that place must
            # be below the folder.
            found = (self.folder / path.lstrip("/")).resolve(strict=True)
            if self.folder not in found.parents or not stat.S_ISREG(found.stat().st_mode):
                return None
            return found.open("rb")
        except (OSError, ValueError, RuntimeError):  # absent, a zero byte in the name, a loop of links
            return None

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, root_path = scope["path"], scope.get("root_path", "")
        if root_path and path.startswith(root_path + "/"):
            path = path[len(root_path) :]
        if scope["method"] not in ("GET", "HEAD"):
            await self.refuse(scope, send, 405, [(b"allow", b"GET, HEAD")])
            return
        file = None
        if path.startswith(self.prefix):
            # thread_sensitive, the default, is for code that must stay in one thread, and would queue all
            # readers of the process behind one another.
            open_file = sync_to_async(self.open, thread_sensitive=False)
            file = await open_file(path[len(self.prefix) :])
        if file is None:
            await self.refuse(scope, send, 404, [])
            return
        try:
            await self.answer(scope, send, file)
        finally:
            await sync_to_async(file.close, thread_sensitive=False)()

    async def refuse(self, scope: Scope, send: Send, status: int, headers: List[Tuple[bytes, bytes]]) -> None:
        body = b"Not Found\n" if status == 404 else b"Method Not Allowed\n"
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [
                    (b"content-type", b"text/plain; charset=utf-8"),
                    (b"content-length", str(len(body)).encode()),
                    *headers,
                ],
            }
        )
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def answer(self, scope: Scope, send: Send, file: BinaryIO) -> None:
        facts = os.fstat(file.fileno())
        etag = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'.encode()
        headers = [
            (b"etag", etag),
            (b"last-modified", formatdate(facts.st_mtime, usegmt=True).encode()),
        ]
        known = dict(scope["headers"]).get(b"if-none-match", b"")
        if etag in [tag.strip() for tag in known.split(b",")]:
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        content_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        if content_type.startswith("text/"):
            content_type += "; charset=utf-8"
        headers += [
            (b"content-type", content_type.encode()),
            (b"content-length", str(facts.st_size).encode()),
            (b"x-content-type-options", b"nosniff"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if scope["method"] == "GET":
            read = sync_to_async(file.read, thread_sensitive=False)
            left = facts.st_size  # no more than promised, should the file grow meanwhile
            while left:
                piece = await read(min(left, PIECE))
                if not piece:
                    break
                left -= len(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def asgi3(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(f"This application does not speak {scope['type']}.")
        await self.http(scope, receive, send)

    def asgi2(self, scope: Scope) -> ASGI2Instance:
        if scope["type"] != "http":
            raise NotImplementedError(f"This application does not speak {scope['type']}.")

        async def instance(receive: Receive, send: Send) -> None:
            await self.http(scope, receive, send)

        return instance


folder = os.environ.get("STATIC_FOLDER", Path(__file__).parent / "static")
files = StaticFiles(Path(folder), prefix="/static/")
asgi2 = files.asgi2
asgi3 = files.asgi3
