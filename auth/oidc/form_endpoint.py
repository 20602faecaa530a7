"""The endpoints that programs post forms to: token (RFC 6749 §3.2), revocation and introspection."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from auth.oidc.bridge import Workers
from auth.oidc.parameters import Parameters, once
from auth.oidc.requests import ProviderRequest
from auth.options import AuthOptions


class FormEndpoint:
    """`answer` is what Authlib does with the request, in a worker thread."""

    def __init__(
        self, answer: Callable[[ProviderRequest], Response], workers: Workers, options: AuthOptions
    ) -> None:
        self._answer = answer
        self._workers = workers
        self._options = options

    async def __call__(self, request: Request, parameters: Parameters) -> Response:
        asked = ProviderRequest(request, once(parameters), self._options)
        return await self._workers.run(lambda: self._answer(asked))
