"""The provider put together."""

from collections.abc import Mapping

from starlette.routing import BaseRoute, Route

from auth.audit import AuditLog
from auth.clients import Client, ClientSecrets
from auth.limits import RequestRate
from auth.oidc import paths
from auth.oidc.access_token import AccessTokenGenerator
from auth.oidc.bridge import Workers
from auth.oidc.code_grant import CodeGrant, Pkce
from auth.oidc.discovery import Discovery
from auth.oidc.door import Door, Handler, json_refusal
from auth.oidc.id_token import IdTokens
from auth.oidc.jwks import Jwks
from auth.oidc.refresh_grant import RefreshGrant
from auth.oidc.registered import RegisteredClient
from auth.oidc.server import Server
from auth.oidc.token import TokenEndpoint
from auth.oidc.tool_grant import ToolGrant
from auth.options import AuthOptions
from auth.store import Store
from auth.tokens.families import Families
from auth.tokens.references import References
from auth.tokens.signing_keys import SigningKeys


class Provider:
    def __init__(
        self,
        *,
        store: Store,
        clients: Mapping[str, Client],
        families: Families,
        references: References,
        signing_keys: SigningKeys,
        audit: AuditLog,
        options: AuthOptions,
    ) -> None:
        secrets = ClientSecrets(options.pepper)
        rate = RequestRate(
            store,
            options,
            per_minute=options.token_requests_per_minute,
            burst=round(options.token_requests_per_minute / 2),
            purpose="tokens:",
        )
        registered = {name: RegisteredClient(client, secrets) for name, client in clients.items()}
        self._server = server = Server(registered, rate)
        server.register_token_generator("default", AccessTokenGenerator(signing_keys, references, options))
        id_tokens = IdTokens(signing_keys, options)
        server.register_grant(_with(CodeGrant, families=families), [Pkce(), id_tokens])
        server.register_grant(_with(RefreshGrant, families=families), [id_tokens])
        server.register_grant(_with(ToolGrant, audit=audit))
        workers = Workers()
        self._programs = Door(options, rate, json_refusal)
        self._discovery = Discovery(options)
        self._jwks = Jwks(signing_keys)
        self._token = TokenEndpoint(server, workers, options)

    def routes(self) -> list[BaseRoute]:
        return [
            Route(paths.CONFIGURATION, self._discovery),
            Route(paths.OAUTH_METADATA, self._discovery),
            self._program(paths.JWKS, self._jwks, "GET"),
            self._program(paths.TOKEN, self._token, "POST"),
        ]

    def _program(self, path: str, handler: Handler, *methods: str) -> Route:
        return Route(path, self._programs.guard(handler), methods=list(methods))


def _with(grant: type, **attributes: object) -> type:
    """Authlib makes a grant for each request from its class alone, so what it needs hangs on the class."""
    return type(grant.__name__, (grant,), attributes)
