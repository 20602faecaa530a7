"""The provider's metadata (OpenID Connect Discovery 1.0, RFC 8414)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from auth.clients import USER_SCOPES
from auth.oidc import paths
from auth.options import AuthOptions
from auth.tokens.signing_keys import ALGORITHM

_PROTOCOL_CLAIMS = "sub iss aud exp iat auth_time nonce at_hash sid"
_USER_CLAIMS = "name preferred_username locale email"
_SECRETS = ["client_secret_basic", "client_secret_post"]


def metadata(options: AuthOptions) -> dict[str, Any]:
    """What relying parties configure themselves by. Tools' scopes are not listed: each knows its own."""
    return {
        "issuer": options.issuer,
        "authorization_endpoint": options.link(paths.AUTHORIZE),
        "token_endpoint": options.link(paths.TOKEN),
        "userinfo_endpoint": options.link(paths.USERINFO),
        "jwks_uri": options.link(paths.JWKS),
        "revocation_endpoint": options.link(paths.REVOKE),
        "introspection_endpoint": options.link(paths.INTROSPECT),
        "end_session_endpoint": options.link(paths.END_SESSION),
        "scopes_supported": list(USER_SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": [*_SECRETS, "none"],
        "revocation_endpoint_auth_methods_supported": [*_SECRETS, "none"],
        "introspection_endpoint_auth_methods_supported": _SECRETS,
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent"],
        "ui_locales_supported": ["pl", "en"],
        "claims_supported": [*_PROTOCOL_CLAIMS.split(), *_USER_CLAIMS.split()],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
    }


class Discovery:
    def __init__(self, options: AuthOptions) -> None:
        self._metadata = metadata(options)

    async def answer(self, _: Request) -> Response:
        return JSONResponse(self._metadata, headers={"Cache-Control": "public, max-age=300"})
