"""Revocation (RFC 7009)."""

from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidRequestError
from authlib.oauth2.rfc7009 import RevocationEndpoint

from auth.oidc.bridge import wait
from auth.oidc.registered import RegisteredClient
from auth.tokens.issued import IssuedTokens


class Revocation(RevocationEndpoint):
    """Hints are passed over: a token shows what it is. Authlib would refuse hints that it does not know."""

    CLIENT_AUTH_METHODS = ("client_secret_basic", "client_secret_post", "none")

    def __init__(self, issued: IssuedTokens) -> None:
        super().__init__()
        self._issued = issued

    def authenticate_token(self, request: OAuth2Request, client: RegisteredClient) -> str:
        return token_of(request)

    def revoke_token(self, token: str, request: OAuth2Request) -> None:
        wait(self._issued.end, token, request.client.client_id)


def token_of(request: OAuth2Request) -> str:
    """The parameter `token`. Raises InvalidRequestError."""
    form: dict[str, Any] = request.form
    if "token" not in form:
        raise InvalidRequestError("Missing 'token' in request.")
    return str(form["token"])
