"""The grant of users' clients: authorization code (RFC 6749 §4.1, OpenID Connect Core §3.1)."""

import re

from authlib.oauth2.rfc6749 import AuthorizationCodeGrant, OAuth2Request
from authlib.oauth2.rfc6749.errors import (
    InvalidClientError,
    InvalidGrantError,
    InvalidRequestError,
    OAuth2Error,
    UnauthorizedClientError,
    UnsupportedResponseTypeError,
)
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.errors import (
    LoginRequiredError,
    RegistrationNotSupportedError,
    RequestNotSupportedError,
    RequestURINotSupportedError,
)

from auth.oidc.bridge import wait
from auth.oidc.credential import Credential
from auth.oidc.registered import RegisteredClient
from auth.tokens.families import AuthorizationRequest, Families

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_UNSUPPORTED: dict[str, type[OAuth2Error]] = {
    "request": RequestNotSupportedError,
    "request_uri": RequestURINotSupportedError,
    "registration": RegistrationNotSupportedError,
}


class CodeGrant(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post", "none")
    families: Families

    @classmethod
    def check_authorization_endpoint(cls, request: OAuth2Request) -> bool:
        """Every request is ours; a wrong response type is refused below, once the redirect URI is known."""
        return True

    @staticmethod
    def validate_authorization_redirect_uri(request: OAuth2Request, client: RegisteredClient) -> str:
        """Authlib would quote the URI in its error, and fail on characters that an error may not hold."""
        uri: str = request.payload.redirect_uri or ""
        if not client.check_redirect_uri(uri):
            raise InvalidRequestError("The redirect URI is not registered.")
        return uri

    def validate_authorization_request(self) -> str:
        payload = self.request.payload
        client = self.server.query_client(payload.client_id or "")
        if client is None:
            raise InvalidClientError("The client is not registered.")
        uri = self.validate_authorization_redirect_uri(self.request, client)
        try:
            self._check(client)
        except OAuth2Error as error:
            error.redirect_uri = uri
            raise
        return str(super().validate_authorization_request())

    def _check(self, client: RegisteredClient) -> None:
        data = self.request.payload.data
        for name, error in _UNSUPPORTED.items():
            if name in data:
                raise error()
        if not data.get("response_type"):
            raise InvalidRequestError("Missing 'response_type' in request.")
        if data["response_type"] != "code":
            raise UnsupportedResponseTypeError("", "The response type is not supported.")
        if not client.check_response_type("code"):
            raise UnauthorizedClientError("A tool has no user to authorize it.")
        if data.get("response_mode", "query") != "query":
            raise InvalidRequestError("The response mode is not supported.")
        self._check_challenge(client)

    def _check_challenge(self, client: RegisteredClient) -> None:
        """PKCE by S256 (RFC 7636), a must for public clients. Authlib would take `plain`, and none at all."""
        data = self.request.payload.data
        challenge, method = data.get("code_challenge"), data.get("code_challenge_method")
        if challenge is None and method is None and client.client.kind != "public":
            return
        if method != "S256" or not _CHALLENGE.fullmatch(challenge or ""):
            raise InvalidRequestError("PKCE is needed: a 'code_challenge' by the method S256.")

    def generate_authorization_code(self) -> str:
        request = self.request
        data = request.payload.data
        asked = AuthorizationRequest(
            client_id=request.client.client_id,
            redirect_uri=request.payload.redirect_uri,
            scope=request.scope,
            nonce=data.get("nonce", ""),
            code_challenge=data.get("code_challenge", ""),
        )
        code = wait(self.families.start, request.user, asked)
        if code is None:
            raise LoginRequiredError(redirect_uri=self.redirect_uri)
        return code

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        """The family that began with it is saved already."""

    def query_authorization_code(self, code: str, client: RegisteredClient) -> Credential | None:
        family = wait(self.families.read, code, client.client_id)
        return None if family is None or family.reference.generation else Credential(family)

    def authenticate_user(self, authorization_code: Credential) -> Credential:
        """Called when all else is right: here the code is used up, at once and once."""
        if not wait(self.families.redeem, authorization_code.family):
            raise InvalidGrantError("The code was used before, or the login has ended.")
        return authorization_code

    def delete_authorization_code(self, authorization_code: Credential) -> None:
        """It is used up already."""


class Pkce(CodeChallenge):
    """The verifier's half; the challenge was checked by the grant."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)
