"""Other origins: a registered client's page may call the graph and the provider with a token of its own."""

from collections.abc import Awaitable, Collection

from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.headers import header


class Cors:
    """CORS on some paths for some origins; everywhere else, and for all others, there is none.

    Without credentials: cookies never count here, and GraphQL's preflight header is not among those allowed.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str], paths: Collection[str]) -> None:
        self._app = app
        self._origins = origins
        self._paths = paths
        self._granting = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=("GET", "POST"),
            allow_headers=("Authorization", "X-Request-Id"),
            expose_headers=("X-Request-Id", "Retry-After", "WWW-Authenticate"),
        )

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if not self._origins or scope["type"] != "http" or scope["path"] not in self._paths:
            return self._app(scope, receive, send)
        if header(scope, b"origin").decode("latin-1") in self._origins:
            return self._granting(scope, receive, send)

        def varying(message: Message) -> Awaitable[None]:
            """A cache must not give this answer to an origin that would get another one."""
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).add_vary_header("Origin")
            return send(message)

        return self._app(scope, receive, varying)
