"""The public keys by which tokens are verified (RFC 7517)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from auth.oidc.parameters import Parameters
from auth.tokens.signing_keys import SigningKeys


class Jwks:
    def __init__(self, signing_keys: SigningKeys) -> None:
        self._signing_keys = signing_keys

    async def __call__(self, _: Request, __: Parameters) -> Response:
        ring = await self._signing_keys.ring()
        return JSONResponse(
            ring.jwks, headers={"Cache-Control": "public, max-age=300"}, media_type="application/jwk-set+json"
        )
