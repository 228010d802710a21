"""The contract of hosts.py on today's Django: HTTP only, no lifespan, no WebSocket."""

import asyncio

from django.conf import settings

settings.configure(
    DEBUG=False, SECRET_KEY="not a secret", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, LOGGING_CONFIG=None,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"], USE_TZ=True,
)  # fmt: skip

import json  # noqa: E402

from django.core.asgi import get_asgi_application  # noqa: E402
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.http import require_POST  # noqa: E402

DONE = []


def home(request):
    return HttpResponse("hello", content_type="text/plain")


async def started(request):
    return JsonResponse({"state": None})


async def scope(request):
    names = ("type", "method", "scheme", "path", "root_path", "http_version")
    return JsonResponse(
        {**{name: request.scope[name] for name in names}, "query": request.META["QUERY_STRING"]}
    )


async def headers(request):
    return JsonResponse({"one": request.headers.get("x-one"), "client": request.META["REMOTE_ADDR"]})


async def echo(request):
    return HttpResponse(request.body, content_type="application/octet-stream")


def length(request):
    return HttpResponse(str(len(request.read())), content_type="text/plain")


@require_POST
async def post_json(request):
    return JsonResponse({"got": json.loads(request.body)}, status=201)


async def stream(request):
    async def rows():
        for number in range(5):
            yield f"row {number}\n"
            await asyncio.sleep(0.01)

    return StreamingHttpResponse(rows(), content_type="text/plain")


def large(request):
    return HttpResponse(b"0123456789" * 100000, content_type="application/octet-stream")


async def empty(request):
    return HttpResponse(status=204)


def redirect(request):
    return HttpResponseRedirect("/scope?from=redirect")


def set_cookie(request):
    response = HttpResponse("cookies set", content_type="text/plain")
    response.set_cookie("flavour", "oat", httponly=True)
    response.set_cookie("size", "large")
    return response


async def cookies(request):
    return JsonResponse(request.COOKIES)


async def error(request):
    raise RuntimeError("this is meant to happen")


async def remember(value):
    await asyncio.sleep(0.05)
    DONE.append(value)


async def background(request, value):
    asyncio.get_running_loop().create_task(remember(value))
    return HttpResponse("working", content_type="text/plain")


async def done(request):
    return JsonResponse(DONE[-1:], safe=False)


urlpatterns = [
    path("", home),
    path("started", started),
    path("scope", scope),
    path("headers", headers),
    path("echo", echo),
    path("length", length),
    path("json", post_json),
    path("stream", stream),
    path("large", large),
    path("empty", empty),
    path("redirect", redirect),
    path("set-cookie", set_cookie),
    path("cookies", cookies),
    path("error", error),
    path("background/<str:value>", background),
    path("done", done),
]
app = get_asgi_application()
