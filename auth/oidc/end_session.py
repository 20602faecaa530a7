"""Logout begun by a client (OpenID Connect RP-Initiated Logout 1.0)."""

from urllib.parse import parse_qsl, urlencode

from authlib.oauth2.rfc6749.errors import InvalidRequestError, OAuth2Error
from authlib.oidc.rpinitiated import EndSessionEndpoint
from authlib.oidc.rpinitiated.end_session import EndSessionRequest
from joserfc.jwk import KeySet
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from auth.cookies import Cookies
from auth.gate import Form
from auth.oidc import paths
from auth.oidc.bridge import Workers, wait
from auth.oidc.error_page import error_page
from auth.oidc.parameters import Parameters, once, parameters_of
from auth.oidc.requests import ProviderRequest
from auth.oidc.server import Server
from auth.options import AuthOptions
from auth.pages import Page, Pages
from auth.sessions import Session, Sessions
from auth.tokens.signing_keys import ALGORITHM, SigningKeys

_MOST_CHARACTERS = 3500


class EndSessionCheck(EndSessionEndpoint):
    """Authlib checks the request; ending the session is ours."""

    def __init__(self, signing_keys: SigningKeys) -> None:
        super().__init__()
        self._signing_keys = signing_keys

    def get_server_jwks(self) -> KeySet:
        return wait(self._signing_keys.ring).verifiers

    def get_algorithms(self) -> list[str]:
        return [ALGORITHM]

    def validate_request(self, request: ProviderRequest) -> EndSessionRequest:
        try:
            checked: EndSessionRequest = super().validate_request(request)
        except ValueError:  # an error text of joserfc with characters that Authlib's errors may not hold
            raise InvalidRequestError("The ID token can not be read.") from None
        if "client_id" in (checked.id_token_claims or {}):  # a claim of access tokens (RFC 9068 §2.2)
            raise InvalidRequestError("That is no ID token.")
        return checked


class EndSession:
    """Without an ID token of this very session a person is asked first: anybody could have made the link."""

    def __init__(
        self,
        server: Server,
        workers: Workers,
        *,
        sessions: Sessions,
        pages: Pages,
        cookies: Cookies,
        options: AuthOptions,
    ) -> None:
        self._server = server
        self._workers = workers
        self._sessions = sessions
        self._pages = pages
        self._cookies = cookies
        self._options = options

    async def __call__(self, request: Request, parameters: Parameters) -> Response:
        if request.method == "POST":
            # From another site the session's cookie comes with a navigation only.
            return self._pages.redirect(request, f"{paths.END_SESSION}?{urlencode(parameters.pairs)}")
        return await self._answer(request, parameters, confirmed=False)

    async def confirm(self, request: Request, form: Form) -> Response:
        """The answer to the question page."""
        asked = parameters_of(parse_qsl(form.get("request", ""), keep_blank_values=True))
        return await self._answer(request, asked, confirmed=True)

    async def _answer(self, request: Request, parameters: Parameters, *, confirmed: bool) -> Response:
        asked = ProviderRequest(request, once(parameters), self._options)
        query = urlencode(parameters.pairs)
        try:
            if len(query) > _MOST_CHARACTERS:
                raise InvalidRequestError("The parameters are too long.")
            checked = await self._workers.run(
                lambda: self._server.validate_endpoint_request(EndSessionCheck.ENDPOINT_NAME, asked)
            )
        except OAuth2Error as error:
            return error_page(self._pages, request, error)
        session = await self._sessions.of(request)
        if session is not None and not confirmed and not _is_its_own(checked, session):
            return self._question(request, checked, query, session)
        if session is not None:
            await self._sessions.end(session, session.session_id_hash)
        response = RedirectResponse(checked.redirect_uri or "/login?done=logout", status_code=303)
        self._cookies.clear(response, "session")
        return self._pages.finished(request, response)

    def _question(
        self, request: Request, checked: EndSessionRequest, query: str, session: Session
    ) -> Response:
        page = Page(
            "end_session.html",
            "end_session_title",
            {"user": session.display_name or session.login, "request": query},
            kept_query=dict(request.query_params) or None,
            form_targets=(checked.redirect_uri,) if checked.redirect_uri else (),
        )
        return self._pages.render(request, page)


def _is_its_own(checked: EndSessionRequest, session: Session) -> bool:
    claims = checked.id_token_claims or {}
    return claims.get("sid") == session.session_id_hash and claims.get("sub") == session.account
