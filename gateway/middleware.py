"""Around every request: its id, its log line, the host check, and the last net under errors."""

import logging
import os
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import lru_cache

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.http import request_id
from gateway import logs
from gateway.headers import header
from resolvers.downloads.links import PATH

log = logging.getLogger("leasegraph.access")

_LONGEST_HOST = 300
"""Bytes of a name (RFC 1035, 2.3.4) with its port; longer ones would stay in memory."""
_UNKNOWN_HOST = (
    "Unknown host. The gateway answers under that of LEASEGRAPH_PUBLIC_URL, which a proxy has to pass on, and"
    " those in LEASEGRAPH_ALLOWED_HOSTS.\n"
)
_ID = re.compile(rb"[A-Za-z0-9_-]{8,64}")
PROBES = frozenset({"/healthz", "/readyz"})

SECURITY_HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_SECURITY_HEADERS = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
_SECURITY_NAMES = frozenset(name for name, _ in _SECURITY_HEADERS)
_STARTS = frozenset({"http.response.start", "websocket.http.response.start"})


class RequestContext:
    """Gives each request an id (or takes a well-formed `X-Request-Id`), logs it, and masks what escaped.

    `count` is told the status of each that is no probe; 0 where its client hung up.
    """

    def __init__(self, app: ASGIApp, count: Callable[[int], None]) -> None:
        self._app = app
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        given = header(scope, b"x-request-id")
        current = given.decode() if _ID.fullmatch(given) else os.urandom(8).hex()
        scope.setdefault("state", {})["request_id"] = current
        token = request_id.set(current)
        began, status = time.perf_counter(), 0

        def noting(message: Message) -> Awaitable[None]:
            nonlocal status
            kind = message["type"]
            if kind in _STARTS:
                status = message["status"]
                headers = list(message.get("headers", ()))
                there = dict(headers)
                if _SECURITY_NAMES.isdisjoint(there):
                    headers += _SECURITY_HEADERS
                else:
                    headers += [each for each in _SECURITY_HEADERS if each[0] not in there]
                headers.append((b"x-request-id", current.encode()))
                message["headers"] = headers
            elif kind == "websocket.accept":
                status = 101
            return send(message)

        try:
            await self._app(scope, receive, noting)
        except ClientDisconnect:
            log.info("the client hung up before it was answered")
        except Exception:
            log.exception("unhandled error")
            if status or scope["type"] == "websocket":
                raise  # the answer has begun: breaking off is the only honest end
            extensions = {"code": "INTERNAL", "requestId": current}
            told = {"errors": [{"message": "Something went wrong.", "extensions": extensions}]}
            response = JSONResponse(told, 500)
            await response(scope, receive, noting)
        finally:
            took = int((time.perf_counter() - began) * 10_000 + 0.5) / 10  # as round(…, 1), which costs more
            if scope["path"] not in PROBES:
                # A link names a document, and names of documents name people.
                path = f"{PATH}…" if scope["path"].startswith(PATH) else scope["path"]
                said = {"method": scope.get("method", "GET"), "path": path, "status": status, "ms": took}
                logs.info(log, "request", said)
                self._count(status)
            request_id.reset(token)


class KnownHosts:
    """Answers 400 to a request for a host that isn't ours: links and cookies depend on the name.

    Not a coroutine, as the layers below: one that only waits for another is resumed whenever that is.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if (
            scope["type"] in ("http", "websocket")
            and scope["path"] not in PROBES
            and not self._knows(header(scope, b"host"))
        ):
            return PlainTextResponse(_UNKNOWN_HOST, 400)(scope, receive, send)
        return self._app(scope, receive, send)

    def _knows(self, host: bytes) -> bool:
        return len(host) <= _LONGEST_HOST and _name_of(host) in self._hosts


@lru_cache(maxsize=64)
def _name_of(host: bytes) -> str:
    """A host's name without its port, in lower case."""
    name = host[: host.rfind(b"]") + 1] if host.startswith(b"[") else host.partition(b":")[0]
    return name.decode("latin-1").lower()


class Direct:
    """Requests go at once to those routes that are ASGI applications for all methods of one path.

    They raise no HTTPException. Whatever else comes goes through all the routes, which costs more than some
    answers do.
    """

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        self._by_path = {
            each.path: each.app
            for each in routes
            if isinstance(each, Route) and each.methods is None and not each.param_convertors
        }

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        found = self._by_path.get(scope["path"]) if scope["type"] == "http" else None
        return (found or self._app)(scope, receive, send)
