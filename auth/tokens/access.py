"""Access tokens: JWTs (RFC 9068), checked against the store, so that an end is one at once."""

import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from joserfc import jwt
from joserfc.errors import JoseError

from auth.clients import Client
from auth.keys import AccountKeys, token_hash
from auth.options import AuthOptions
from auth.profile import Profile
from auth.recent import Recent
from auth.sessions import ENDED, Session
from auth.store import Lease, Store, milliseconds
from auth.tokens import Grant
from auth.tokens.signing_keys import ALGORITHM, SigningKeys

TYPE = "at+jwt"
# Between the clocks of two gateways; in seconds.
_LEEWAY = 5


def audience(options: AuthOptions) -> str:
    """The resource that access tokens are for: the graph."""
    return options.link("/graphql")


def revoked_key(token_id: str) -> str:
    """The store's note that a tool's token was revoked."""
    return f"auth:revoked:{{{token_id}}}"


class _Look(NamedTuple):
    """What the store says of a token, and for how many seconds that is true if nothing changes."""

    grant: Grant | None
    lease: Lease | None = None
    seconds: float = 0


_NOTHING = _Look(None)


class AccessTokens:
    """Every method may raise StoreUnavailable."""

    def __init__(
        self, store: Store, signing_keys: SigningKeys, clients: Mapping[str, Client], options: AuthOptions
    ) -> None:
        self._store = store
        self._signing_keys = signing_keys
        self._clients = clients
        self._options = options
        self._recent: Recent[Grant] = Recent(options.recall_seconds)
        self._registry = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": options.issuer},
            aud={"essential": True, "value": audience(options)},
            exp={"essential": True},
            sub={"essential": True},
            client_id={"essential": True},
            jti={"essential": True},
        )

    @property
    def recalled(self) -> int:
        """How often `recent_grant` asked nobody."""
        return self._recent.recalled

    async def claims(self, token: str) -> dict[str, Any] | None:
        """The claims of a token that we signed and that has not expired; it may be revoked."""
        verifiers = (await self._signing_keys.ring()).verifiers
        try:
            found = jwt.decode(token, verifiers, [ALGORITHM])
            self._registry.validate(found.claims)
        except (JoseError, ValueError, RecursionError):
            return None
        return dict(found.claims) if found.header.get("typ") == TYPE else None

    async def grant(self, token: str, *, touch: bool = True) -> Grant | None:
        """What the token grants now; None when it is not ours, has expired or was ended in any way.

        Without `touch` it is no use of the session.
        """
        claims = await self.claims(token)
        return None if claims is None else await self.grant_of(claims, touch=touch)

    async def grant_of(self, claims: Mapping[str, Any], *, touch: bool = True) -> Grant | None:
        """As `grant`, of a token whose claims are known to be ours."""
        return (await self._look(claims, touch=touch, leased=False)).grant

    async def recent_grant(self, token: str) -> Grant | None:
        """As `grant`, or as it was within the last `recall_seconds` if the store has told of no change since;
        see `Sessions.recent`.
        """
        hashed = token_hash(token)
        grant = self._recent.get(hashed)
        if grant is None:
            asked = time.monotonic()
            claims = await self.claims(token)
            if claims is None:
                return None
            found = await self._look(claims, touch=True, leased=self._recent.knows(hashed))
            grant = found.grant
            if grant is not None:
                seconds = min(found.seconds, claims["exp"] - time.time())
                self._recent.keep(hashed, grant, found.lease, asked=asked, seconds=seconds)
        return grant

    async def _look(self, claims: Mapping[str, Any], *, touch: bool, leased: bool) -> "_Look":
        client = self._clients.get(claims["client_id"])
        if client is None:
            return _NOTHING
        session: Session | None = None
        seconds: float = self._options.access_token_seconds
        if "family" in claims:
            answer, lease = await self._session_of(claims, touch, leased)
            if answer[0] != "alive":
                return _NOTHING
            session = Session.of(
                Profile.from_json(answer[1]),
                session_id_hash=claims["sid"],
                auth_time=int(answer[2]),
                epoch=int(claims["epoch"]),
                account=claims["sub"],
            )
            seconds = int(answer[3]) / 1000
        elif client.kind != "tool":
            return _NOTHING
        else:
            revoked, lease = await self._store.text_leased(revoked_key(claims["jti"]), wanted=leased)
            if revoked:
                return _NOTHING
        scopes = frozenset(str(claims.get("scope", "")).split()) & client.scopes
        return _Look(Grant(client.client_id, client.name, scopes, session), lease, seconds)

    async def _session_of(
        self, claims: Mapping[str, Any], touch: bool, leased: bool
    ) -> tuple[list[str], Lease | None]:
        options, keys = self._options, AccountKeys(claims["sub"])
        return await self._store.run_leased(
            "token_check",
            [keys.account, keys.sessions, keys.family(claims["family"])],
            claims["sid"],
            claims["epoch"],
            milliseconds(options.idle_seconds),
            milliseconds(options.absolute_seconds),
            milliseconds(options.touch_seconds if touch else options.absolute_seconds),
            wanted=leased,
        )

    async def revoke_tool_token(self, claims: Mapping[str, Any]) -> None:
        """Ends one token of a tool; one of a user ends with its family."""
        await self._store.mark(revoked_key(claims["jti"]), self._options.access_token_seconds + 2 * _LEEWAY)
        await self._store.publish(ENDED, "")
