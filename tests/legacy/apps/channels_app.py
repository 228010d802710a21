"""A small Channels 2.4.0 project in one module, for Django 2.2 and Django 3.0."""

import asyncio
import atexit
import json
import os
import shutil
import tempfile
import threading
from urllib.parse import parse_qs

import django
from django.conf import settings

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = tempfile.mkdtemp(prefix="channels_app_")
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

settings.configure(
    DEBUG=False,
    SECRET_KEY="not a secret",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "channels",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.gzip.GZipMiddleware",
        __name__ + ".stamp",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.path.join(FOLDER, "db.sqlite3"),
            "OPTIONS": {"timeout": 20},
        }
    },
    SESSION_ENGINE="django.contrib.sessions.backends.db",
    CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    STATIC_URL="/static/",
    STATICFILES_DIRS=[os.path.join(HERE, "static")],
    FILE_UPLOAD_MAX_MEMORY_SIZE=10000,
    DATA_UPLOAD_MAX_MEMORY_SIZE=5000000,
    LOGGING_CONFIG=None,
)
django.setup()

from channels.auth import AuthMiddlewareStack, get_user, login  # noqa: E402
from channels.consumer import AsyncConsumer  # noqa: E402
from channels.db import database_sync_to_async  # noqa: E402
from channels.exceptions import DenyConnection, StopConsumer  # noqa: E402
from channels.generic.http import AsyncHttpConsumer  # noqa: E402
from channels.generic.websocket import (  # noqa: E402
    AsyncJsonWebsocketConsumer,
    AsyncWebsocketConsumer,
    WebsocketConsumer,
)
from channels.http import AsgiHandler  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import WebsocketDenier  # noqa: E402
from channels.sessions import SessionMiddlewareStack  # noqa: E402
from channels.staticfiles import StaticFilesWrapper  # noqa: E402
from django.conf.urls import url  # noqa: E402
from django.contrib import auth, messages  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.http import (  # noqa: E402
    Http404,
    HttpResponse,
    HttpResponseForbidden,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.template import Context, Template  # noqa: E402
from django.urls import path, reverse  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402

STATE = {"disconnects": []}


def stamp(get_response):
    def middleware(request):
        response = get_response(request)
        response["X-Stamp"] = request.path
        return response

    return middleware


def home(request):
    return HttpResponse("hello from channels", content_type="text/plain")


def meta(request):
    return JsonResponse(
        {
            "method": request.method,
            "path": request.path,
            "path_info": request.path_info,
            "script_name": request.META["SCRIPT_NAME"],
            "query": request.META["QUERY_STRING"],
            "remote": request.META.get("REMOTE_ADDR"),
            "server_name": request.META["SERVER_NAME"],
            "host": request.get_host(),
            "url": request.build_absolute_uri(),
            "secure": request.is_secure(),
            "one": request.META.get("HTTP_X_ONE"),
            "reverse": reverse("item", args=["a", 3]),
        }
    )


def item(request, name, number):
    return JsonResponse({"name": name, "number": number, "many": request.GET.getlist("many")})


@csrf_exempt
def echo(request):
    return HttpResponse(
        request.body, content_type=request.META.get("CONTENT_TYPE", "application/octet-stream")
    )


@csrf_exempt
def length(request):
    total = 0
    while True:
        part = request.read(1000)
        if not part:
            break
        total += len(part)
    return JsonResponse({"length": total})


@csrf_exempt
def form(request):
    files = {
        key: [file.name, file.content_type, file.size, sum(len(chunk) for chunk in file.chunks())]
        for key, file in request.FILES.items()
    }
    return JsonResponse({"post": {key: request.POST.getlist(key) for key in request.POST}, "files": files})


def guarded(request):
    return HttpResponse("never without a token")


def stream(request):
    return StreamingHttpResponse(("row %d\n" % number for number in range(5)), content_type="text/plain")


def large(request):
    return HttpResponse(b"0123456789" * 100000, content_type="application/octet-stream")


def squeeze(request):
    return HttpResponse("squeeze me " * 1000, content_type="text/plain")


def redirect(request):
    return HttpResponseRedirect(reverse("item", args=["b", 4]))


def set_cookie(request):
    response = HttpResponse("cookies set", content_type="text/plain")
    response.set_cookie("flavour", "oat", httponly=True)
    response.set_cookie("size", "large", max_age=60)
    response.delete_cookie("old")
    return response


def cookies(request):
    return JsonResponse({key: request.COOKIES[key] for key in sorted(request.COOKIES)})


def session_set(request, value):
    request.session["value"] = value
    return HttpResponse("kept", content_type="text/plain")


def session_get(request):
    return JsonResponse({"value": request.session.get("value")})


def log_in(request):
    user = auth.authenticate(request, username="ada", password="lovelace")
    auth.login(request, user)
    return JsonResponse({"user": user.username})


def who(request):
    return JsonResponse({"user": request.user.username or "nobody"})


def say(request):
    messages.info(request, "a message")
    return HttpResponseRedirect("/said")


def said(request):
    return JsonResponse([str(message) for message in messages.get_messages(request)], safe=False)


def template(request):
    text = Template("<p>{{ name }}</p>{% for n in numbers %}{{ n }};{% endfor %}")
    return HttpResponse(text.render(Context({"name": "<channels>", "numbers": range(3)})))


def error(request):
    raise RuntimeError("this is meant to happen")


def missing(request):
    raise Http404("nothing")


def forbidden(request):
    return HttpResponseForbidden("no entry", content_type="text/plain")


def empty(request):
    return HttpResponse(status=204)


def disconnects(request):
    return JsonResponse(STATE["disconnects"][-1:], safe=False)


urlpatterns = [
    path("", home),
    path("meta", meta),
    path("item/<str:name>/<int:number>", item, name="item"),
    path("echo", echo),
    path("length", length),
    path("form", form),
    path("guarded", guarded),
    path("stream", stream),
    path("large", large),
    path("squeeze", squeeze),
    path("redirect", redirect),
    path("set-cookie", set_cookie),
    path("cookies", cookies),
    path("session/<str:value>", session_set),
    path("session", session_get),
    path("log-in", log_in),
    path("who", who),
    path("say", say),
    path("said", said),
    path("template", template),
    path("error", error),
    path("missing", missing),
    path("forbidden", forbidden),
    path("empty", empty),
    path("slash/", home),
    path("disconnects", disconnects),
]


class Hello(AsyncHttpConsumer):
    async def handle(self, body):
        await self.send_response(
            200,
            b"consumer got %d bytes" % len(body),
            headers=[(b"Content-Type", b"text/plain"), (b"X-Consumer", b"yes")],
        )


class DictHeaders(AsyncHttpConsumer):
    async def handle(self, body):
        await self.send_headers(status=202, headers={b"Content-Type": b"text/plain"})
        await self.send_body(b"dict ", more_body=True)
        await self.send_body(b"headers")


class Events(AsyncHttpConsumer):
    """Server-sent events, as the documentation of long-poll and SSE consumers shows them."""

    async def handle(self, body):
        await self.send_headers(
            headers=[(b"Content-Type", b"text/event-stream"), (b"Cache-Control", b"no-cache")]
        )
        for number in range(3):
            await self.send_body(("data: %d\n\n" % number).encode(), more_body=True)
            await asyncio.sleep(0.01)
        await self.send_body(b"")

    async def disconnect(self):
        STATE["disconnects"].append("events")


class SessionConsumer(AsyncHttpConsumer):
    async def handle(self, body):
        count = await database_sync_to_async(self.count)()
        await self.send_response(200, b"%d" % count, headers=[(b"Content-Type", b"text/plain")])

    def count(self):
        session = self.scope["session"]
        session["count"] = session.get("count", 0) + 1
        session.save()
        return session["count"]


class Worker(AsyncConsumer):
    """Background work through the channel layer, answered in the long-poll manner."""

    async def http_request(self, message):
        layer_name = self.channel_name
        asyncio.ensure_future(self.later(layer_name))

    async def http_disconnect(self, message):
        raise StopConsumer()

    async def later(self, name):
        await asyncio.sleep(0.02)
        await self.channel_layer.send(name, {"type": "work.done", "answer": 42})

    async def work_done(self, message):
        await self.send(
            {"type": "http.response.start", "status": 200, "headers": [(b"Content-Type", b"text/plain")]}
        )
        await self.send({"type": "http.response.body", "body": b"worked out %d" % message["answer"]})


class Broken(AsyncHttpConsumer):
    async def handle(self, body):
        raise RuntimeError("this is meant to happen in a consumer")


class Echo(WebsocketConsumer):
    def receive(self, text_data=None, bytes_data=None):
        self.send(text_data=text_data, bytes_data=bytes_data)

    def disconnect(self, code):
        STATE["disconnects"].append(code)


class AsyncEcho(AsyncWebsocketConsumer):
    async def connect(self):
        await self.accept()
        await self.send(text_data="welcome")

    async def receive(self, text_data=None, bytes_data=None):
        if text_data == "leave":
            await self.close(code=4005)
        elif text_data is not None:
            await self.send(text_data=text_data.upper())
        else:
            await self.send(bytes_data=bytes_data[::-1])


class Json(AsyncJsonWebsocketConsumer):
    async def connect(self):
        offered = self.scope["subprotocols"]
        await self.accept(offered[-1] if offered else None)

    async def receive_json(self, content):
        await self.send_json(
            {"got": content, "path": self.scope["path"], "name": self.scope["url_route"]["kwargs"]}
        )
        await self.close()


class Refuse(WebsocketConsumer):
    def connect(self):
        self.close(code=4000)


class Deny(AsyncWebsocketConsumer):
    async def connect(self):
        raise DenyConnection()


class Chat(AsyncWebsocketConsumer):
    async def connect(self):
        await self.channel_layer.group_add("room", self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        await self.channel_layer.group_discard("room", self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        await self.channel_layer.group_send("room", {"type": "chat.message", "text": text_data})

    async def chat_message(self, event):
        await self.send(text_data="room: " + event["text"])


class Me(AsyncWebsocketConsumer):
    async def connect(self):
        await self.accept()
        await self.send(json.dumps(await database_sync_to_async(self.me)()))
        await self.close()

    def me(self):
        session = self.scope["session"]
        session["socket"] = "was here"
        session.save()
        return {
            "user": self.scope["user"].username or "nobody",
            "value": session.get("value"),
            "query": self.scope["query_string"].decode(),
        }


class LogIn(AsyncWebsocketConsumer):
    async def receive(self, text_data=None, bytes_data=None):
        from django.contrib.auth import get_user_model

        user = await database_sync_to_async(get_user_model().objects.get)(username=text_data)
        await login(self.scope, user)
        await database_sync_to_async(self.scope["session"].save)()
        again = await get_user(self.scope)
        await self.send("logged in as " + again.username)
        await self.close(3000)


class BrokenSocket(AsyncWebsocketConsumer):
    async def receive(self, text_data=None, bytes_data=None):
        raise RuntimeError("this is meant to happen in a consumer")


class TokenFromQuery:
    """The middleware recipe of the Channels 2 documentation: a new scope with one more key."""

    def __init__(self, inner):
        self.inner = inner

    def __call__(self, scope):
        token = parse_qs(scope["query_string"].decode()).get("token", [""])[0]
        if token == "wrong":
            return WebsocketDenier(scope)
        return self.inner(dict(scope, token=token))


class Token(AsyncWebsocketConsumer):
    async def connect(self):
        await self.accept()
        await self.send("your token is " + self.scope["token"])
        await self.close()


class DjangoWithStatic(StaticFilesWrapper):
    pass


app = ProtocolTypeRouter(
    {
        "http": URLRouter(
            [
                url(r"^consumer/hello$", Hello),
                url(r"^consumer/dict$", DictHeaders),
                url(r"^consumer/events$", Events),
                url(r"^consumer/session$", SessionMiddlewareStack(SessionConsumer)),
                url(r"^consumer/worker$", Worker),
                url(r"^consumer/broken$", Broken),
                url(r"", DjangoWithStatic(AsgiHandler)),
            ]
        ),
        "websocket": AuthMiddlewareStack(
            URLRouter(
                [
                    path("ws/echo", Echo),
                    path("ws/async", AsyncEcho),
                    path("ws/json/<str:name>/<int:number>", Json),
                    path("ws/refuse", Refuse),
                    path("ws/deny", Deny),
                    path("ws/chat", Chat),
                    path("ws/me", Me),
                    path("ws/log-in", LogIn),
                    path("ws/broken", BrokenSocket),
                    path("ws/token", TokenFromQuery(Token)),
                ]
            )
        ),
    }
)


def prepare():
    """The database, and one user. Done at import, as a deployment does it before the server starts."""
    call_command("migrate", verbosity=0, interactive=False)
    from django.contrib.auth import get_user_model

    get_user_model().objects.create_user("ada", password="lovelace")


# In a thread, because some servers import the application inside their event loop and Django 3.0
# refuses its database there.
_preparing = threading.Thread(target=prepare)
_preparing.start()
_preparing.join()
