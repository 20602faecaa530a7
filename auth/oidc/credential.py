"""A family as Authlib asks about it: the code, the refresh token and the user are three views of it."""

from authlib.oauth2.rfc6749 import TokenMixin
from authlib.oidc.core import AuthorizationCodeMixin

from auth.oidc.registered import RegisteredClient
from auth.tokens.families import Family


class Credential(AuthorizationCodeMixin, TokenMixin):
    def __init__(self, family: Family) -> None:
        self.family = family
        self.code_challenge = family.request.code_challenge
        self.code_challenge_method = "S256"

    def get_user_id(self) -> str:
        """`sub`: the account's tag, which is an HMAC of the login number."""
        return self.family.reference.keys.tag

    def check_client(self, client: RegisteredClient) -> bool:
        return self.family.request.client_id == client.client_id

    def get_redirect_uri(self) -> str:
        return self.family.request.redirect_uri

    def get_scope(self) -> str:
        return self.family.request.scope

    def get_nonce(self) -> str:
        return self.family.request.nonce

    def get_auth_time(self) -> int:
        return self.family.auth_time

    def get_acr(self) -> None:
        """Not told."""

    def get_amr(self) -> None:
        """Not told."""
