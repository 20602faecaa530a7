"""Other origins: a registered client's page may call the graph and the provider with a token of its own."""

from collections.abc import Collection

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_METHODS = ("GET", "POST")
_ANSWER_HEADERS = ("X-Request-Id", "Retry-After", "WWW-Authenticate")


class Cors:
    """CORS on some paths for some origins; everywhere else, and for all others, there is none.

    Without credentials: cookies never count here, and GraphQL's preflight header is not among those allowed.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str], paths: Collection[str]) -> None:
        self._app = app
        self._paths = paths
        self._answering = CORSMiddleware(
            app,
            allow_origins=tuple(origins),
            allow_methods=_METHODS,
            allow_headers=("Authorization", "X-Request-Id"),
            expose_headers=_ANSWER_HEADERS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        shared = scope["type"] == "http" and scope["path"] in self._paths
        await (self._answering if shared else self._app)(scope, receive, send)
