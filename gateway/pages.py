"""The page at `/` and GraphiQL's page at `/graphql`; both work offline, without inline script."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from auth.errors import StoreUnavailable
from auth.service import Auth
from gateway.compression import coding_of
from gateway.settings import Settings

HERE = Path(__file__).parent
BUNDLE = HERE.parent / "portal" / "dist" / "graphiql"

_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_GRAPHIQL_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; "
    "worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@dataclass(frozen=True, slots=True)
class DemoClient:
    """A client of the sandbox, to try things with."""

    number: str
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Demo:
    """What `leasegraph demo` started beside the gateway."""

    clients: Sequence[DemoClient]
    mailbox_url: str
    erp_url: str


class Pages:
    """The gateway's own pages."""

    def __init__(self, settings: Settings, auth: Auth, demo: Demo | None) -> None:
        self._settings = settings
        self._auth = auth
        self._demo = demo
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(default=True),
            trim_blocks=True,
            lstrip_blocks=True,
        )

    async def index(self, request: Request) -> Response:
        """Where things are."""
        return await self._page(request, "index.html", _PAGE_POLICY, demo=self._demo)

    async def graphiql(self, request: Request) -> Response | None:
        """For a person's browser GraphiQL, or why there is none; None for programs."""
        if not _wants_page(request):
            return None
        if not self._settings.runs_adhoc_documents:
            return await self._page(request, "no_graphiql.html", _PAGE_POLICY, status=403)
        if not (BUNDLE / "graphiql.js").exists():
            return await self._page(request, "unbuilt.html", _PAGE_POLICY, status=503)
        return await self._page(request, "graphiql.html", _GRAPHIQL_POLICY)

    async def missing(self, request: Request, error: Exception) -> Response:
        """What a person is told where there is no page, in the words and looks of the pages of login."""
        assert isinstance(error, HTTPException)  # noqa: S101 - what it is registered for
        if not _accepts_page(request):
            return PlainTextResponse(error.detail, error.status_code, error.headers)
        if error.status_code == 404:
            return self._auth.pages.error(request, 404, "not_found")
        return self._auth.pages.error(request, error.status_code, "bad_request")

    async def _page(
        self, request: Request, template: str, policy: str, status: int = 200, **values: object
    ) -> Response:
        try:
            session = await self._auth.session(request)
        except StoreUnavailable:
            session = None  # the page is of use all the same; logging in will say what is wrong
        secret = self._auth.csrf.secret(request)
        text = self._templates.get_template(template).render(
            session=session,
            settings=self._settings,
            csrf=self._auth.csrf.token(secret),
            **values,
        )
        headers = {
            "Content-Security-Policy": policy,
            "Cache-Control": "no-store",
            "Referrer-Policy": "same-origin",
        }
        response = HTMLResponse(text, status, headers)
        if session:
            self._auth.cookies.write(response, "csrf", secret)
        return response


def _wants_page(request: Request) -> bool:
    """Whether a GET of the endpoint comes from a person's browser."""
    return (
        request.method in ("GET", "HEAD")
        and _accepts_page(request)
        and not request.query_params.keys() & {"query", "documentId", "extensions"}
    )


def _accepts_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


class Files(StaticFiles):
    """Static files; those with a hash in their name never change.

    Where the build has left one compressed by brotli beside a file, browsers that ask for it get that.
    """

    async def check_config(self) -> None:
        """A folder that isn't built yet holds no files, and that is no error."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        coding = coding_of(Headers(scope=scope).get("accept-encoding", ""))
        smaller = coding is not None and coding.name == "br" and self.lookup_path(f"{path}.br")[1] is not None
        response = await super().get_response(f"{path}.br" if smaller else path, scope)
        if smaller:
            response.headers["Content-Encoding"] = "br"
        response.headers["Vary"] = "Accept-Encoding"
        kept = "public, max-age=31536000, immutable" if "chunks/" in path else "no-cache"
        response.headers["Cache-Control"] = kept
        return response
