"""The web application, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from auth.keys import derive_key
from auth.oidc.paths import FOR_OTHER_ORIGINS
from auth.options import AuthOptions
from auth.service import Auth
from gateway.assembly import Systems, open_systems
from gateway.cors import Cors
from gateway.downloads.endpoint import DownloadEndpoint
from gateway.graphql.endpoint import GraphQLEndpoint
from gateway.graphql.limits import extensions
from gateway.health import Health
from gateway.identity import CredentialMails, ErpAccounts, session_viewer
from gateway.middleware import KnownHosts, RequestContext
from gateway.pages import BUNDLE, HERE, Demo, Files, Pages, wants_page
from gateway.secret_key import secret_key
from gateway.settings import Settings
from gateway.state import open_store
from gateway.user_state import RedisUserState
from resolvers.downloads.links import PATH, DownloadLinks
from resolvers.operation import Operations
from schema.build import build


def auth_options(settings: Settings, pepper: bytes) -> AuthOptions:
    """Auth's limits, as far as they are settings."""
    return AuthOptions(
        public_url=settings.public_url,
        leasing_company=settings.leasing_company,
        pepper=pepper,
        pin_seconds=settings.pin_seconds,
        resend_seconds=settings.resend_seconds,
        idle_seconds=settings.session_idle_seconds,
        absolute_seconds=settings.session_absolute_seconds,
        requests_per_minute=settings.login_rate_per_minute,
        request_burst=settings.login_rate_per_minute // 2,
        token_requests_per_minute=settings.token_rate_per_minute,
        tell_personal_rules_after_pin=settings.tell_personal_rules,
        trusted_proxies=settings.trusted_proxies,
    )


def routes(
    settings: Settings, pepper: bytes, store: Redis, systems: Systems, auth: Auth, demo: Demo | None
) -> list[BaseRoute]:
    """Everything that the gateway answers."""
    pages = Pages(settings, auth, demo)
    health = Health(store, systems)
    links = DownloadLinks(derive_key(pepper, "download links"), settings.download_link_seconds)
    operations = Operations(systems.backoffice, RedisUserState(store, pepper), links)
    downloads = DownloadEndpoint(
        operations,
        session_viewer(auth, navigation=True),
        request_timeout=settings.request_timeout,
        stall_timeout=settings.download_stall_timeout,
    )
    graphql = GraphQLEndpoint(
        build(extensions(settings)),
        operations,
        session_viewer(auth),
        max_body_bytes=settings.max_body_bytes,
        request_timeout=settings.request_timeout,
    )

    async def endpoint(request: Request) -> Response:
        return await (pages.graphiql if wants_page(request) else graphql)(request)

    every_method = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    return [
        Route("/", pages.index),
        Route("/graphql", endpoint, methods=every_method),
        Route(f"{PATH}{{token}}", downloads.follow),
        Route("/healthz", health.live),
        Route("/readyz", health.ready),
        Mount("/static/graphiql", Files(directory=BUNDLE, check_dir=False)),
        Mount("/static", Files(directory=HERE / "static")),
        *auth.routes(),
    ]


@asynccontextmanager
async def open_app(settings: Settings, demo: Demo | None = None) -> AsyncIterator[Starlette]:
    """The application over an opened store and connectors, all closed cleanly in the end.

    Raises SettingsError where the store can't be opened; a back-office system may be down.
    """
    async with open_store(settings) as store, open_systems(settings) as systems:
        pepper = secret_key(settings)
        auth = Auth(
            store,
            ErpAccounts(systems.backoffice.erp),
            CredentialMails(systems.sender),
            auth_options(settings, pepper),
            clients=settings.clients,
        )
        try:
            yield Starlette(
                routes=routes(settings, pepper, store, systems, auth, demo),
                middleware=[
                    Middleware(RequestContext),
                    Middleware(KnownHosts, hosts=settings.hosts),
                    Middleware(
                        Cors,
                        origins={origin for client in settings.clients for origin in client.origins},
                        paths=FOR_OTHER_ORIGINS | {"/graphql"},
                    ),
                ],
            )
        finally:
            await auth.close()
