"""The token endpoint (RFC 6749 §3.2)."""

from starlette.requests import Request
from starlette.responses import Response

from auth.oidc.bridge import Workers
from auth.oidc.parameters import Parameters, once
from auth.oidc.requests import ProviderRequest
from auth.oidc.server import Server
from auth.options import AuthOptions


class TokenEndpoint:
    def __init__(self, server: Server, workers: Workers, options: AuthOptions) -> None:
        self._server = server
        self._workers = workers
        self._options = options

    async def __call__(self, request: Request, parameters: Parameters) -> Response:
        asked = ProviderRequest(request, once(parameters), self._options)
        response: Response = await self._workers.run(lambda: self._server.create_token_response(asked))
        return response
