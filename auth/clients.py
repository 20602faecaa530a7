"""Registered clients: programs that may ask for tokens. They are described in the settings file."""

import hmac
from dataclasses import dataclass, field
from typing import Literal

from auth.keys import derive_key

Kind = Literal["public", "confidential", "tool"]

# What a user's tokens may be for; `portal` is the graph as that user.
USER_SCOPES = ("openid", "profile", "email", "offline_access", "portal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """`public`: a browser or app that can keep no secret. `confidential`: a web server that acts for users.
    `tool`: an internal program that acts for itself, by client_credentials only.
    """

    client_id: str
    name: str
    kind: Kind
    scopes: frozenset[str]
    secret_hashes: tuple[str, ...] = field(default=(), repr=False)
    redirect_uris: tuple[str, ...] = ()
    post_logout_redirect_uris: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    consent: bool = False


class ClientSecrets:
    """Secrets are 256 random bits of our making, so an HMAC is enough; its key is not in the settings."""

    def __init__(self, pepper: bytes) -> None:
        self._key = derive_key(pepper, "client secret")

    def hash(self, secret: str) -> str:
        return f"hmac-sha256:{hmac.digest(self._key, secret.encode(), 'sha256').hex()}"

    def fits(self, client: Client, secret: str) -> bool:
        given = self.hash(secret)
        return any(hmac.compare_digest(given, known) for known in client.secret_hashes)
