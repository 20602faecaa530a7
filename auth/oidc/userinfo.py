"""Userinfo (OpenID Connect Core §5.3), for a bearer token in the header or in a form (RFC 6750 §2)."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from auth.errors import RefusedRequest
from auth.oidc.parameters import Parameters, once
from auth.sessions import Session
from auth.tokens import Grant


class UserInfo:
    def __init__(self, bearer: Callable[[str], Awaitable[Grant | None]]) -> None:
        self._bearer = bearer

    async def __call__(self, request: Request, parameters: Parameters) -> Response:
        form = once(parameters) if request.method == "POST" else {}
        scheme, _, in_header = request.headers.get("authorization", "").partition(" ")
        in_header = in_header.strip() if scheme.lower() == "bearer" else ""
        if in_header and "access_token" in form:
            raise RefusedRequest(400, "bad_request")
        token = in_header or form.get("access_token", "")
        if not token:
            return _refused(401, "")
        grant = await self._bearer(token)
        if grant is None:
            return _refused(401, "invalid_token")
        if grant.session is None or "openid" not in grant.scopes:
            return _refused(403, "insufficient_scope")
        return JSONResponse(_claims(grant.session, grant.scopes), headers={"Cache-Control": "no-store"})


def _claims(session: Session, scopes: frozenset[str]) -> dict[str, Any]:
    claims: dict[str, Any] = {"sub": session.account}
    if "profile" in scopes:
        claims |= {
            "name": session.display_name,
            "preferred_username": session.login,
            "locale": session.language,
        }
    if "email" in scopes:
        claims["email"] = session.email
    return claims


def _refused(status: int, error: str) -> Response:
    challenge = f'Bearer error="{error}"' if error else "Bearer"
    if error == "insufficient_scope":
        challenge += ', scope="openid"'
    body = {"error": error} if error else {}
    return JSONResponse(body, status, headers={"WWW-Authenticate": challenge, "Cache-Control": "no-store"})
