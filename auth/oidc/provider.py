"""The provider put together."""

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

from starlette.responses import Response
from starlette.routing import Route

from auth.audit import AuditLog
from auth.clients import Client, ClientSecrets
from auth.cookies import Cookies
from auth.gate import Endpoint, Gate
from auth.limits import RequestRate
from auth.oidc import paths
from auth.oidc.access_token import AccessTokenGenerator
from auth.oidc.authorize import Authorize
from auth.oidc.bridge import Workers
from auth.oidc.code_grant import CodeGrant, Pkce
from auth.oidc.consent import Consent
from auth.oidc.discovery import Discovery
from auth.oidc.door import Door, json_refusal
from auth.oidc.end_session import EndSession, EndSessionCheck
from auth.oidc.form_endpoint import FormEndpoint
from auth.oidc.id_token import IdTokens
from auth.oidc.introspection import Introspection
from auth.oidc.jwks import Jwks
from auth.oidc.prompt import RequirementsReader
from auth.oidc.refresh_grant import RefreshGrant
from auth.oidc.registered import RegisteredClient
from auth.oidc.requests import ProviderRequest
from auth.oidc.revocation import Revocation
from auth.oidc.server import Server
from auth.oidc.tool_grant import ToolGrant
from auth.oidc.userinfo import UserInfo
from auth.options import AuthOptions
from auth.pages import Pages
from auth.sessions import Sessions
from auth.store import Store
from auth.tokens.access import AccessTokens
from auth.tokens.families import Families
from auth.tokens.issued import IssuedTokens
from auth.tokens.references import References
from auth.tokens.signing_keys import SigningKeys


class Provider:
    """`gate` guards the pages' forms, as it does elsewhere; the endpoints have doors of their own."""

    def __init__(
        self,
        *,
        store: Store,
        clients: Mapping[str, Client],
        sessions: Sessions,
        families: Families,
        references: References,
        access_tokens: AccessTokens,
        signing_keys: SigningKeys,
        audit: AuditLog,
        gate: Gate,
        pages: Pages,
        cookies: Cookies,
        options: AuthOptions,
    ) -> None:
        self._clients = clients
        rate = RequestRate(
            store,
            options,
            per_minute=options.token_requests_per_minute,
            burst=round(options.token_requests_per_minute / 2),
            purpose="tokens:",
        )
        secrets = ClientSecrets(options.pepper)
        server = Server(
            {name: RegisteredClient(each, secrets) for name, each in clients.items()}, rate, audit
        )
        server.register_token_generator("default", AccessTokenGenerator(signing_keys, references, options))
        id_tokens = IdTokens(signing_keys, options)
        server.register_grant(_with(CodeGrant, families=families), [Pkce(), id_tokens])
        server.register_grant(_with(RefreshGrant, families=families), [id_tokens])
        server.register_grant(_with(ToolGrant, audit=audit))
        issued = IssuedTokens(references, families, access_tokens)
        server.register_endpoint(Revocation(issued))
        server.register_endpoint(Introspection(issued))
        server.register_endpoint(EndSessionCheck(signing_keys))

        workers = Workers()
        requirements = RequirementsReader(signing_keys, options)
        authorize = Authorize(server, workers, requirements, sessions=sessions, pages=pages, options=options)
        end_session = EndSession(
            server, workers, sessions=sessions, pages=pages, cookies=cookies, options=options
        )
        programs, people = Door(options, rate, json_refusal), Door(options, rate, pages.error)

        def form(answer: Callable[[ProviderRequest], Response]) -> Endpoint:
            return programs.guard(FormEndpoint(answer, workers, options))

        discovery = Discovery(options).answer
        self._routes = [
            Route(paths.CONFIGURATION, discovery),
            Route(paths.OAUTH_METADATA, discovery),
            Route(paths.JWKS, programs.guard(Jwks(signing_keys))),
            Route(paths.AUTHORIZE, people.guard(authorize), methods=["GET", "POST"]),
            Route(paths.CONSENT, gate.guard(Consent(authorize)), methods=["POST"]),
            Route(paths.TOKEN, form(server.create_token_response), methods=["POST"]),
            Route(paths.REVOKE, form(_endpoint(server, "revocation")), methods=["POST"]),
            Route(paths.INTROSPECT, form(_endpoint(server, "introspection")), methods=["POST"]),
            Route(paths.USERINFO, programs.guard(UserInfo(access_tokens.grant)), methods=["GET", "POST"]),
            Route(paths.END_SESSION, people.guard(end_session), methods=["GET", "POST"]),
            Route(paths.END_SESSION_CONFIRM, gate.guard(end_session.confirm), methods=["POST"]),
        ]

    def routes(self) -> list[Route]:
        return self._routes

    def form_targets(self, path: str) -> Sequence[str]:
        """Where a path of ours leads on to: an authorization request, to the client that made it."""
        parts = urlsplit(path)
        asked = dict(parse_qsl(parts.query))
        client = self._clients.get(asked.get("client_id", ""))
        if parts.path != paths.AUTHORIZE or client is None:
            return ()
        return [uri for uri in client.redirect_uris if uri == asked.get("redirect_uri")]


def _endpoint(server: Server, name: str) -> Callable[[ProviderRequest], Response]:
    def answer(request: ProviderRequest) -> Response:
        response: Response = server.create_endpoint_response(name, request)
        return response

    return answer


def _with(grant: type, **attributes: object) -> type:
    """Authlib makes a grant for each request from its class alone, so what it needs hangs on the class."""
    return type(grant.__name__, (grant,), attributes)
