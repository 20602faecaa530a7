"""Other origins: a registered client's page may call the graph and the provider with a token of its own."""

from collections.abc import Collection

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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in self._paths or not self._origins:
            await self._app(scope, receive, send)
        elif header(scope, b"origin") in self._origins:
            await self._granting(scope, receive, send)
        else:

            async def varying(message: Message) -> None:
                """A cache must not give this answer to an origin that would get another one."""
                if message["type"] == "http.response.start":
                    MutableHeaders(scope=message).add_vary_header("Origin")
                await send(message)

            await self._app(scope, receive, varying)
