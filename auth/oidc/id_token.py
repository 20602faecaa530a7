"""ID tokens (OpenID Connect Core §2)."""

import time
from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants.code import OpenIDToken
from joserfc.jwk import KeySet

from auth.oidc.bridge import wait
from auth.oidc.credential import Credential
from auth.oidc.registered import RegisteredClient
from auth.options import AuthOptions
from auth.tokens.signing_keys import ALGORITHM, SigningKeys


class IdTokens(OpenIDToken):
    """Added to a grant, gives an ID token to those who asked for the scope `openid`."""

    def __init__(self, signing_keys: SigningKeys, options: AuthOptions) -> None:
        self._signing_keys = signing_keys
        self._options = options

    def resolve_client_private_key(self, client: RegisteredClient) -> KeySet:
        return wait(self._signing_keys.ring).signer

    def get_client_algorithm(self, client: RegisteredClient) -> str:
        return ALGORITHM

    def get_encode_header(self, client: RegisteredClient) -> dict[str, str]:
        return {"alg": ALGORITHM}

    def get_compatible_claims(self, request: OAuth2Request) -> dict[str, Any]:
        """Authlib would take a refresh for a login and set `auth_time` to now."""
        now = int(time.time())
        family = request.user.family
        return {
            "iss": self._options.issuer,
            "aud": request.client.client_id,
            "iat": now,
            "exp": now + self._options.id_token_seconds,
            "auth_time": family.auth_time,
            "sid": family.session_id_hash,
        }

    def generate_user_info(self, user: Credential, scope: str) -> UserInfo:
        """The subject only; what else may be known, the userinfo endpoint tells."""
        return UserInfo(sub=user.get_user_id())
