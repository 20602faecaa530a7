"""Makes access tokens (RFC 9068), and names the refresh token that goes with one."""

from typing import Any

from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator
from joserfc.jwk import KeySet

from auth.oidc.bridge import wait
from auth.oidc.credential import Credential
from auth.oidc.registered import RegisteredClient
from auth.options import AuthOptions
from auth.tokens.access import audience
from auth.tokens.references import References
from auth.tokens.signing_keys import ALGORITHM, SigningKeys


class AccessTokenGenerator(JWTBearerTokenGenerator):
    def __init__(self, signing_keys: SigningKeys, references: References, options: AuthOptions) -> None:
        super().__init__(
            options.issuer,
            ALGORITHM,
            refresh_token_generator=self._refresh_token,
            expires_generator=options.access_token_seconds,
        )
        self._signing_keys = signing_keys
        self._references = references
        self._audience = audience(options)

    def _refresh_token(self, *, user: Credential, **_: object) -> str:
        """The family has just moved on to the generation that this one names."""
        return self._references.text(user.family.reference.next())

    def get_jwks(self) -> KeySet:
        return wait(self._signing_keys.ring).signer

    def get_audiences(self, client: RegisteredClient, user: Credential | None, scope: str) -> str:
        return self._audience

    def get_auth_time(self, user: Credential | None) -> int | None:
        return user.family.auth_time if user else None

    def get_extra_claims(
        self,
        client: RegisteredClient,
        grant_type: str,
        user: Credential | None,
        scope: str,
    ) -> dict[str, Any]:
        """By what a user's token is found in the store at each use; a tool's has its `jti`."""
        if user is None:
            return {}
        family = user.family
        return {"sid": family.session_id_hash, "epoch": family.epoch, "family": family.reference.family}
