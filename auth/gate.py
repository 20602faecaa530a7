"""What stands in front of every page: host, rate, body, CSRF; a status for what is unavailable."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from auth.breaker import Breaker
from auth.csrf import FIELD, CsrfGuard
from auth.errors import DirectoryUnavailable, HashPoolFull, RefusedRequest, StoreUnavailable
from auth.forms import read_form
from auth.limits import RequestRate, Turns
from auth.options import AuthOptions
from auth.pages import Pages

Form = Mapping[str, str]
Handler = Callable[[Request, Form], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]

STORE_RETRY = 5
HASH_RETRY = 2


class Gate:
    def __init__(
        self, options: AuthOptions, pages: Pages, csrf: CsrfGuard, rate: RequestRate, breaker: Breaker
    ) -> None:
        self._hosts = options.hosts
        self._body_bytes = options.body_bytes
        self._pages = pages
        self._csrf = csrf
        self._rate = rate
        self._breaker = breaker
        self._turns = Turns(options.requests_at_once)

    def guard(self, handler: Handler) -> Endpoint:
        """The handler as an endpoint; a POST reaches it with its form, after all checks."""

        async def endpoint(request: Request) -> Response:
            try:
                form = await self._admit(request)
                if request.method != "POST":
                    return await handler(request, form)
                async with self._turns.turn(self._rate.bucket(request)):
                    return await handler(request, form)
            except RefusedRequest as refused:
                return self._pages.error(
                    request, refused.status, refused.reason, retry_after=refused.retry_after
                )
            except HashPoolFull:
                return self._pages.error(request, 503, "unavailable", retry_after=HASH_RETRY)
            except (StoreUnavailable, DirectoryUnavailable):
                return self._pages.error(request, 503, "unavailable", retry_after=STORE_RETRY)

        return endpoint

    async def _admit(self, request: Request) -> Form:
        if request.headers.get("host", "").lower() not in self._hosts:
            raise RefusedRequest(400, "unknown_host")
        if request.method != "POST":
            return {}
        await self._rate.check(request)
        form = await read_form(request, self._body_bytes)
        self._csrf.check(request, form.pop(FIELD, ""))
        await self._breaker.check(request, form)
        return form
