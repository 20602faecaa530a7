"""What stands in front of every endpoint: host, rate, body; and an answer for what is unavailable."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from auth.errors import DirectoryUnavailable, RefusedRequest, StoreUnavailable
from auth.gate import STORE_RETRY, Endpoint
from auth.limits import RequestRate
from auth.oidc.parameters import Parameters, read_parameters
from auth.options import AuthOptions

Handler = Callable[[Request, Parameters], Awaitable[Response]]


class Refusal(Protocol):
    """How a request is refused: as JSON to a program, as a page to a person."""

    def __call__(
        self, request: Request, status: int, reason: str, *, retry_after: int | None = None
    ) -> Response: ...


_ERRORS = {429: "temporarily_unavailable", 503: "temporarily_unavailable"}
_WORDS = {
    400: "A parameter comes twice or can not be read, or the Host is another one than the issuer's.",
    413: "The body is too large.",
    414: "The query string is too long.",
    415: "The body must be application/x-www-form-urlencoded.",
    429: "Too many requests; wait for as long as Retry-After says.",
    503: "Nobody can be looked up now; try again.",
}


def json_refusal(
    request: Request,
    status: int,
    reason: str,
    *,
    retry_after: int | None = None,
) -> Response:
    """An error in OAuth's form (RFC 6749 §5.2)."""
    response = JSONResponse(
        {"error": _ERRORS.get(status, "invalid_request"), "error_description": _WORDS.get(status, reason)},
        status,
    )
    response.headers["Cache-Control"] = "no-store"
    if retry_after is not None:
        response.headers["Retry-After"] = str(max(1, retry_after))
    return response


class Door:
    def __init__(self, options: AuthOptions, rate: RequestRate, refusal: Refusal) -> None:
        self._hosts = options.hosts
        self._body_bytes = options.body_bytes
        self._rate = rate
        self._refusal = refusal

    def guard(self, handler: Handler) -> Endpoint:
        """The handler as an endpoint; it gets the parameters of the form, or of the query of a GET."""

        async def endpoint(request: Request) -> Response:
            try:
                if request.headers.get("host", "").lower() not in self._hosts:
                    raise RefusedRequest(400, "unknown_host")
                await self._rate.check(request)
                if len(request.headers.getlist("authorization")) > 1:
                    raise RefusedRequest(400, "bad_request")
                return await handler(request, await read_parameters(request, self._body_bytes))
            except RefusedRequest as refused:
                return self._refusal(request, refused.status, refused.reason, retry_after=refused.retry_after)
            except (StoreUnavailable, DirectoryUnavailable):
                return self._refusal(request, 503, "unavailable", retry_after=STORE_RETRY)

        return endpoint
