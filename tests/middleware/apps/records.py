"""What a middleware tells the outside, as lines of JSON in $MIDDLEWARE_RECORDS.

The collectors of Sentry, Elastic and OpenTelemetry cannot run here: a transport of each SDK's own kind stands
in their place, and nothing else does. A record has the path that it is about, and what differs from run to
run (ids, times, ports) is left out.
"""

from __future__ import annotations

import json
import os
import re
import threading

LOCK = threading.Lock()


def record(by, path, **what):
    line = json.dumps({"by": by, "path": path, **what}, sort_keys=True, default=repr)
    line = re.sub(r"(127\.0\.0\.1|localhost):\d+", "HOST", line)
    with LOCK, open(os.environ["MIDDLEWARE_RECORDS"], "a") as file:
        file.write(line + "\n")


def path_of(url):
    return re.sub(r"^\w+://[^/]+|\?.*$", "", url)


# -- sentry-sdk ----------------------------------------------------------------------------------


def start_sentry():
    import sentry_sdk
    from sentry_sdk.transport import Transport

    class ToFile(Transport):
        def capture_envelope(self, envelope):
            for item in envelope.items:
                event = item.get_event() or item.get_transaction_event()
                if event is not None:
                    record("sentry", path_of(event.get("request", {}).get("url", "")), **sentry_event(event))

    # Without the integrations, which would patch Starlette and Django: the middleware is what is asked.
    sentry_sdk.init(
        "http://public@127.0.0.1:9/1",
        transport=ToFile,
        traces_sample_rate=1.0,
        default_integrations=False,
        auto_enabling_integrations=False,
        auto_session_tracking=False,
    )


def sentry_event(event):
    request = event.get("request", {})
    headers = request.get("headers", {})
    trace = event.get("contexts", {}).get("trace", {})
    return {
        "kind": event.get("type", "event"),
        "transaction": event.get("transaction"),
        "exceptions": [
            [one["type"], one["value"], (one.get("mechanism") or {}).get("type")]
            for one in event.get("exception", {}).get("values", [])
        ],
        "request": {key: request.get(key) for key in ("url", "method", "query_string", "env")},
        "headers": {key: headers[key] for key in sorted(headers) if key in ("host", "x-one", "user-agent")},
        "trace": {key: trace.get(key) for key in ("op", "status")},
        "status_code": trace.get("data", {}).get("http.response.status_code"),
    }


# -- OpenTelemetry -------------------------------------------------------------------------------


def tracer_provider():
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult

    class ToFile(SpanExporter):
        def export(self, spans):
            for span in spans:
                known = dict(span.attributes)
                url = known.get("http.url") or known.get("url.path") or known.get("http.target") or ""
                if not url:
                    # The spans of single events have no URL; their name begins with it.
                    url = re.sub(r" (http|websocket) (send|receive)$", "", span.name).split(" ")[-1]
                for name in ("net.peer.port", "net.host.port", "client.port", "server.port"):
                    known.pop(name, None)
                record(
                    "opentelemetry",
                    path_of(url),
                    name=span.name,
                    kind=span.kind.name,
                    status=span.status.status_code.name,
                    attributes=known,
                    events=[[one.name, one.attributes.get("exception.type")] for one in span.events],
                )
            return SpanExportResult.SUCCESS

    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(ToFile()))
    return provider


# -- elastic-apm ---------------------------------------------------------------------------------


def elastic_options():
    return {
        "service_name": "shop",
        "transport_class": "elastic_transport.ToFile",
        "instrument": False,
        "central_config": False,
        "cloud_provider": "none",
        "metrics_interval": "0s",
        "capture_body": "all",
        "api_request_time": "1s",
    }


# -- timing-asgi ---------------------------------------------------------------------------------


class Timings:
    """A `TimingClient` as statsd's and datadog's are."""

    def timing(self, metric_name, timing, tags):
        assert isinstance(timing, float) and timing >= 0
        record("timing", "/" + metric_name.split(".")[-1], name=metric_name, tags=tags)
