"""Looking at a token and ending it, for the client that it was issued to."""

from typing import Any

from auth.keys import AccountKeys
from auth.tokens.access import AccessTokens
from auth.tokens.families import Families
from auth.tokens.references import Reference, References


class IssuedTokens:
    """Every method may raise StoreUnavailable. Another client's token is no token."""

    def __init__(self, references: References, families: Families, access_tokens: AccessTokens) -> None:
        self._references = references
        self._families = families
        self._access_tokens = access_tokens

    async def describe(self, token: str, client_id: str) -> dict[str, Any] | None:
        """What a living token says, in the terms of RFC 7662 §2.2."""
        family = await self._families.read(token, client_id, replay_kills=False)
        if family is not None and family.reference.generation:
            return {
                "client_id": client_id,
                "scope": family.request.scope,
                "sub": family.reference.keys.tag,
                "sid": family.session_id_hash,
            }
        claims = await self._access_tokens.claims(token)
        if not claims or claims["client_id"] != client_id or not await self._access_tokens.grant_of(claims):
            return None
        return {**claims, "token_type": "Bearer"}

    async def end(self, token: str, client_id: str) -> None:
        """Ends a tool's token, or all tokens that came from the same authorization of a user."""
        reference = self._references.read(token)
        if reference is not None:
            await self._families.end(reference, client_id)
            return
        claims = await self._access_tokens.claims(token)
        if not claims or claims["client_id"] != client_id:
            return
        if "family" in claims:
            await self._families.end(Reference(AccountKeys(claims["sub"]), claims["family"], 0), client_id)
        else:
            await self._access_tokens.revoke_tool_token(claims)
