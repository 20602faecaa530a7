"""The refresh grant (RFC 6749 §6): rotated each time; a used token ends its family (RFC 9700 §4.14)."""

from authlib.oauth2.rfc6749 import RefreshTokenGrant
from authlib.oauth2.rfc6749.errors import InvalidGrantError

from auth.oidc.bridge import wait
from auth.oidc.credential import Credential
from auth.tokens.families import Families


class RefreshGrant(RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post", "none")
    INCLUDE_NEW_REFRESH_TOKEN = True
    families: Families

    def _validate_request_token(self, client: object) -> Credential:
        self.request.client = client  # Authlib sets it later than we are asked for the token
        found: Credential = super()._validate_request_token(client)
        return found

    def authenticate_refresh_token(self, refresh_token: str) -> Credential | None:
        family = wait(self.families.read, refresh_token, self.request.client.client_id)
        return Credential(family) if family and family.reference.generation else None

    def authenticate_user(self, refresh_token: Credential) -> Credential:
        """Called when all else is right, so a refused scope costs no token."""
        if not wait(self.families.redeem, refresh_token.family):
            raise InvalidGrantError("The refresh token was used before, or the login has ended.")
        return refresh_token

    def revoke_old_credential(self, refresh_token: Credential) -> None:
        """It is used up already."""
