"""Whether an authorization request needs a login or a consent page first (OpenID Connect Core §3.1.2)."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from authlib.oauth2.rfc6749.errors import InvalidRequestError
from joserfc import jwt
from joserfc.errors import JoseError

from auth.options import AuthOptions
from auth.sessions import Session
from auth.tokens.access import TYPE
from auth.tokens.signing_keys import ALGORITHM, SigningKeys

# Which session the login page was shown over; another one since then is a new login.
LOGIN_OVER = "login_over"
_KNOWN = frozenset({"none", "login", "consent", "select_account"})


@dataclass(frozen=True, slots=True)
class LoginRequirements:
    """What a request wants of the login. `subject`: whose it must be, as the client's ID token says."""

    prompts: frozenset[str]
    max_age: int | None
    subject: str | None
    login_over: str | None

    @property
    def silent(self) -> bool:
        return "none" in self.prompts

    def logged_in_anew(self, session: Session) -> bool:
        return self.login_over is not None and self.login_over != mark_of(session)

    def satisfied_by(self, session: Session) -> bool:
        anew = self.logged_in_anew(session)
        too_old = self.max_age is not None and session.auth_time + self.max_age < time.time()
        wants_login = bool(self.prompts & {"login", "select_account"}) or too_old
        return self.is_subject(session) and (anew or not wants_login)

    def is_subject(self, session: Session) -> bool:
        return self.subject in (None, session.account)


def mark_of(session: Session | None) -> str:
    """Tells sessions apart; it opens nothing."""
    return session.session_id_hash[:16] if session else "none"


class RequirementsReader:
    def __init__(self, signing_keys: SigningKeys, options: AuthOptions) -> None:
        self._signing_keys = signing_keys
        self._issuer = options.issuer

    async def read(self, data: Mapping[str, str], client_id: str) -> LoginRequirements:
        """Raises InvalidRequestError, StoreUnavailable."""
        prompts = frozenset(data.get("prompt", "").split())
        if not prompts <= _KNOWN or ("none" in prompts and len(prompts) > 1):
            raise InvalidRequestError("The parameter 'prompt' has no such value, or 'none' among others.")
        max_age = data.get("max_age")
        if max_age is not None and not (max_age.isascii() and max_age.isdecimal() and len(max_age) < 10):
            raise InvalidRequestError("The parameter 'max_age' is a number of seconds.")
        hint = data.get("id_token_hint")
        subject = None if hint is None else await self._subject(hint, client_id)
        return LoginRequirements(
            prompts, None if max_age is None else int(max_age), subject, data.get(LOGIN_OVER)
        )

    async def _subject(self, hint: str, client_id: str) -> str:
        """Whose ID token it is; it may have expired."""
        verifiers = (await self._signing_keys.ring()).verifiers
        try:
            token = jwt.decode(hint, verifiers, [ALGORITHM])
        except (JoseError, ValueError, RecursionError):
            token = None
        if (
            token is None
            or token.header.get("typ") == TYPE
            or token.claims.get("iss") != self._issuer
            or token.claims.get("aud") != client_id
        ):
            raise InvalidRequestError("The parameter 'id_token_hint' is no ID token of ours for this client.")
        return str(token.claims["sub"])
