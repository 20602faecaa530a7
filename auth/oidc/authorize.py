"""The authorization endpoint (RFC 6749 §3.1, OpenID Connect Core §3.1.2)."""

from urllib.parse import urlencode, urlsplit

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749.errors import AccessDeniedError, InvalidRequestError, OAuth2Error
from authlib.oidc.core.errors import ConsentRequiredError, LoginRequiredError
from starlette.requests import Request
from starlette.responses import Response

from auth.languages import supported_language
from auth.oidc import paths
from auth.oidc.bridge import Workers
from auth.oidc.code_grant import CodeGrant
from auth.oidc.error_page import error_page
from auth.oidc.parameters import Parameters
from auth.oidc.prompt import LOGIN_OVER, RequirementsReader, mark_of
from auth.oidc.requests import ProviderRequest
from auth.oidc.server import Server
from auth.options import AuthOptions
from auth.pages import Page, Pages
from auth.sessions import Session, Sessions

# What the login page can carry in `next`, and a form in one field.
_MOST_CHARACTERS = 3500
# Whose consent page it was, by the mark of the session: somebody else may have logged in meanwhile.
_ASKED_OF = "asked_of"


class Authorize:
    def __init__(
        self,
        server: Server,
        workers: Workers,
        requirements: RequirementsReader,
        *,
        sessions: Sessions,
        pages: Pages,
        options: AuthOptions,
    ) -> None:
        self._server = server
        self._workers = workers
        self._requirements = requirements
        self._sessions = sessions
        self._pages = pages
        self._options = options

    async def __call__(self, request: Request, parameters: Parameters) -> Response:
        if request.method == "POST":
            # From another site the session's cookie comes with a navigation only.
            again = f"{paths.AUTHORIZE}?{urlencode(parameters.pairs)}"
            return self._pages.redirect(request, again)
        return await self.answer(request, parameters)

    async def answer(
        self, request: Request, parameters: Parameters, *, consented: bool | None = None
    ) -> Response:
        """The redirect to the client with a code or an error, or a page for the person.

        `consented` is what the person said on the consent page.
        """
        asked = ProviderRequest(request, parameters.values, self._options)
        try:
            if parameters.repeated & {"client_id", "redirect_uri"}:
                raise InvalidRequestError("A parameter is there twice.")
            grant = await self._workers.run(lambda: self._server.get_consent_grant(asked))
            try:
                return await self._decided(request, parameters, asked, grant, consented)
            except OAuth2Error as error:
                error.redirect_uri = grant.redirect_uri
                raise
        except OAuth2Error as error:
            return self._refused(request, asked, error)

    async def _decided(
        self,
        request: Request,
        parameters: Parameters,
        asked: ProviderRequest,
        grant: CodeGrant,
        consented: bool | None,
    ) -> Response:
        data = parameters.values
        query = urlencode(parameters.pairs)
        if parameters.repeated or len(query) > _MOST_CHARACTERS:
            raise InvalidRequestError("A parameter is there twice, or all of them are too long.")
        requirements = await self._requirements.read(data, grant.client.client_id)
        session = await self._sessions.of(request)
        if session is None or not requirements.satisfied_by(session):
            if requirements.silent or (session and requirements.logged_in_anew(session)):
                raise LoginRequiredError()
            return self._to_login(request, data, session)
        if data.get(_ASKED_OF) != mark_of(session):
            consented = None
        if consented is False:
            raise AccessDeniedError()
        if consented is None and (grant.client.client.consent or "consent" in requirements.prompts):
            if requirements.silent:
                raise ConsentRequiredError()
            return self._consent_page(request, grant, parameters, session)
        response: Response = await self._workers.run(
            lambda: self._server.create_authorization_response(asked, grant_user=session, grant=grant)
        )
        return self._told(request, response)

    def _refused(self, request: Request, asked: ProviderRequest, error: OAuth2Error) -> Response:
        if error.redirect_uri:
            error.state = asked.payload.state
            return self._told(request, self._server.handle_error_response(asked, error))
        return error_page(self._pages, request, error)

    def _told(self, request: Request, response: Response) -> Response:
        """With the issuer (RFC 9207), also in errors, where Authlib's own class leaves it out."""
        to = add_params_to_uri(response.headers["location"], {"iss": self._options.issuer})
        response.headers["location"] = to
        return self._pages.finished(request, response)

    def _to_login(self, request: Request, data: dict[str, str], session: Session | None) -> Response:
        again = urlencode({**data, LOGIN_OVER: mark_of(session)})
        query = {"next": f"{paths.AUTHORIZE}?{again}"}
        if "login_hint" in data:
            query["login"] = data["login_hint"]
        if language := supported_language(data.get("ui_locales", "")):
            query["lang"] = language
        return self._pages.redirect(request, f"/login?{urlencode(query)}")

    def _consent_page(
        self, request: Request, grant: CodeGrant, parameters: Parameters, session: Session
    ) -> Response:
        client = grant.client.client
        asked = [pair for pair in parameters.pairs if pair[0] != _ASKED_OF]
        page = Page(
            "consent.html",
            "consent_title",
            {
                "client": client.name,
                "user": session.display_name or session.login,
                "scopes": [f"scope_{scope}" for scope in grant.request.scope.split()],
                "host": urlsplit(grant.redirect_uri).netloc,
                "request": urlencode([*asked, (_ASKED_OF, mark_of(session))]),
            },
            kept_query=dict(request.query_params) or None,
            form_targets=(grant.redirect_uri,),
        )
        return self._pages.render(request, page)
