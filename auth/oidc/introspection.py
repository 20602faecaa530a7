"""Introspection (RFC 7662): a client asks about its own tokens; any other is told as not active."""

from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from auth.oidc.bridge import wait
from auth.oidc.registered import RegisteredClient
from auth.oidc.revocation import token_of
from auth.tokens.issued import IssuedTokens


class Introspection(IntrospectionEndpoint):
    CLIENT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")

    def __init__(self, issued: IssuedTokens) -> None:
        super().__init__()
        self._issued = issued

    def authenticate_token(self, request: OAuth2Request, client: RegisteredClient) -> dict[str, Any] | None:
        return wait(self._issued.describe, token_of(request), client.client_id)

    def create_introspection_payload(self, token: dict[str, Any] | None) -> dict[str, Any]:
        return {"active": token is not None, **(token or {})}
