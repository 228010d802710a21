"""The transport of elastic-apm that stands in the place of the APM server; the client imports it by name."""

from __future__ import annotations

from elasticapm.transport.base import Transport
from records import path_of, record


class ToFile(Transport):
    def start_thread(self, pid=None):
        pass

    def queue(self, event_type, data, flush=False):
        if event_type not in ("transaction", "error"):
            return
        context = data.get("context") or {}
        request = context.get("request") or {}
        response = context.get("response") or {}
        headers = {name.lower(): value for name, value in (response.get("headers") or {}).items()}
        record(
            "elastic",
            path_of((request.get("url") or {}).get("full", "")),
            kind=event_type,
            name=data.get("name"),
            type=data.get("type"),
            result=data.get("result"),
            outcome=data.get("outcome"),
            method=request.get("method"),
            search=(request.get("url") or {}).get("search"),
            body=request.get("body"),
            status_code=response.get("status_code"),
            content_type=headers.get("content-type"),
            x_app=headers.get("x-app"),
            exception=(data.get("exception") or {}).get("type"),
        )

    def flush(self):
        pass

    def close(self):
        pass
