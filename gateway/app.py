"""The web application, put together."""

import os
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from auth.keys import derive_key
from auth.oidc.paths import FOR_OTHER_ORIGINS
from auth.options import AuthOptions
from auth.service import Auth
from auth.sessions import ENDED
from connectors.projection import certain
from execution.documents import Documents
from execution.engine import Engine
from execution.leaves import Written
from gateway.assembly import Systems, open_systems
from gateway.cache.opening import answers_in, caching, open_cache
from gateway.change_follower import CHANGED, ChangeFollower, read_changes
from gateway.cors import Cors
from gateway.credentials import AuthCredentials
from gateway.data_folder import make_folder
from gateway.downloads.endpoint import DownloadEndpoint
from gateway.gauges import of_auth, of_cache, of_large_queries, of_systems
from gateway.graphql.cost import Costs
from gateway.graphql.endpoint import GraphQLEndpoint
from gateway.graphql.event_stream import EventStreams
from gateway.graphql.limits import size_rule
from gateway.graphql.running import Runner
from gateway.graphql.socket import SocketEndpoint
from gateway.graphql.subscribing import Subscriptions
from gateway.graphql.trusted import requested_documents
from gateway.graphql.under_way import UnderWay
from gateway.health import Health
from gateway.identity import CredentialMails, ErpAccounts, admission, asker_of, socket_credential
from gateway.metrics import Metrics
from gateway.middleware import Direct, KnownHosts, RequestContext
from gateway.pages import BUNDLE, HERE, Demo, Files, Pages
from gateway.portal import portal
from gateway.reading_audit import ReadingAudit
from gateway.secret_key import secret_key
from gateway.settings import COMPILED, Settings
from gateway.state import join_store
from gateway.store_numbers import StoreNumbers
from gateway.store_sharing import SharingClient
from gateway.streams.announcements import Announcements
from gateway.streams.endings import MISSED
from gateway.streams.feed import Feed
from gateway.streams.registry import Streams
from gateway.uploads.endpoint import PATH as UPLOADS
from gateway.uploads.endpoint import UploadEndpoint
from gateway.user_state import RedisUserState
from resolvers.caching import Caching
from resolvers.downloads.links import PATH, DownloadLinks
from resolvers.operation import Operations
from resolvers.uploads.receiving import Uploads
from schema.build import build
from schema.sources import SOURCES

WRITTEN: Written = {Decimal: str, date: date.isoformat}
"""What msgspec, which writes all answers, words just as our scalars do."""

_MOST_MET = 1000
"""Documents that came once whose hashes are kept."""


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
        recall_seconds=settings.session_recall_seconds,
        requests_per_minute=settings.login_rate_per_minute,
        request_burst=settings.login_rate_per_minute // 2,
        logins_per_minute=settings.logins_per_minute,
        login_burst=settings.logins_per_minute // 2,
        token_requests_per_minute=settings.token_rate_per_minute,
        tell_personal_rules_after_pin=settings.tell_personal_rules,
        trusted_proxies=settings.trusted_proxies,
        hash_workers=max(1, (os.cpu_count() or 1) // settings.workers),  # each has some 50 MB in hand
        replicas=settings.redis_replicas,
    )


def routes(
    settings: Settings,
    pepper: bytes,
    store: Redis,
    systems: Systems,
    auth: Auth,
    pages: Pages,
    streams: Streams,
    feed: Feed,
    metrics: Metrics,
    cached: Caching | None,
) -> list[BaseRoute]:
    """Everything that the gateway answers."""
    health = Health(store, systems)
    links = DownloadLinks(derive_key(pepper, "download links"), settings.download_link_seconds)
    user_state = RedisUserState(store, pepper)
    credentials = AuthCredentials(auth, systems.backoffice.users.system)
    operations = Operations(
        systems.backoffice,
        user_state,
        links,
        portal(auth.options),
        credentials,
        cached,
    )
    audit = ReadingAudit(auth)
    downloads = DownloadEndpoint(
        operations,
        asker_of(auth, navigation=True),
        audit,
        request_timeout=settings.request_timeout,
        stall_timeout=settings.download_stall_timeout,
    )
    schema = build()
    documents = Documents(
        schema._schema, [size_rule(settings)], most_tokens=settings.max_tokens, most_met=_MOST_MET
    )
    costs = Costs(schema._schema, limit=settings.max_cost)
    compiled = settings.engine == COMPILED
    under_way = UnderWay(settings.max_cost_under_way)
    metrics.show(partial(of_large_queries, under_way))
    engine = Engine(schema, compiled=compiled, written=WRITTEN, sources=SOURCES, certain=certain)
    runner = Runner(
        requested_documents(settings, documents, costs, engine),
        costs,
        engine,
        operations,
        audit,
        metrics,
        under_way,
        request_timeout=settings.request_timeout,
    )
    subscriptions = Subscriptions(runner, feed)
    graphql = GraphQLEndpoint(
        runner,
        EventStreams(subscriptions, streams, settings.download_stall_timeout),
        admission(auth),
        pages.graphiql,
        max_body_bytes=settings.max_body_bytes,
        legacy_status=settings.legacy_status,
    )
    sockets = SocketEndpoint(subscriptions, streams, socket_credential(auth), settings.max_stream_operations)
    uploads = UploadEndpoint(
        Uploads(
            settings.max_upload_bytes,
            settings.max_uploads_per_day,
            make_folder(settings.data_dir / "uploads", mode=0o700),
            user_state,
        ),
        operations,
        asker_of(auth),
        request_timeout=settings.request_timeout,
        timeout=settings.upload_timeout,
    )

    every_method = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    return [
        Route("/", pages.index),
        Route("/graphql", graphql),
        WebSocketRoute("/graphql", sockets.serve),
        Route(f"{PATH}{{token}}", downloads.follow),
        Route(UPLOADS, uploads.take, methods=every_method),
        Route("/healthz", health.live),
        Route("/readyz", health.ready),
        Mount("/static/graphiql", Files(directory=BUNDLE, check_dir=False)),
        Mount("/static", Files(directory=HERE / "static")),
        *auth.routes(),
    ]


class Application(Starlette):
    """Starlette with RequestContext as its outermost layer, which answers for what nobody caught."""

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Coroutine[Any, Any, None]:
        """As Starlette has it, without a coroutine around that of RequestContext."""
        scope["app"] = self
        if self.middleware_stack is None:
            self.middleware_stack = self.build_middleware_stack()
        return self.middleware_stack(scope, receive, send)  # type: ignore[return-value]

    def build_middleware_stack(self) -> ASGIApp:
        """Without the net that Starlette puts around it: it would only raise again what came through."""
        net = super().build_middleware_stack()
        return net.app if isinstance(net, ServerErrorMiddleware) else net


@asynccontextmanager
async def open_app(settings: Settings, demo: Demo | None = None) -> AsyncIterator[Starlette]:
    """The application over an opened store and connectors, all closed cleanly in the end: one worker's.

    Raises SettingsError where the store can't be opened; a back-office system may be down.
    """
    async with (
        join_store(settings) as store,
        open_cache(settings, store) as cache,
        open_systems(settings) as systems,
    ):
        pepper = secret_key(settings)
        auth = Auth(
            store,
            ErpAccounts(systems.backoffice.users),
            CredentialMails(systems.sender),
            auth_options(settings, pepper),
            clients=settings.clients,
        )
        pages = Pages(settings, auth, demo)
        streams, feed = Streams(settings.max_streams, settings.stream_check_seconds), Feed()
        answers = None if cache is None else answers_in(cache, settings)
        cached = caching(settings, systems.backoffice, answers)
        guards = {each.name: each.guard for each in systems.all if each.guard is not None}
        metrics = Metrics()
        metrics.watch(guards)
        metrics.show(partial(of_systems, guards, streams))
        metrics.show(partial(of_auth, auth))
        metrics.show_stores(StoreNumbers(_stores(store, cache), auth.mail_queue))
        if cached is not None:
            metrics.show(partial(of_cache, cached.readings))
        announcements = Announcements(
            store,
            {
                ENDED: lambda account: streams.look_again(account.decode()),
                CHANGED: lambda changes: _tell(systems, feed, changes),
            },
            heard=streams.admit,
            lost=lambda: streams.refuse(MISSED),
        )
        followers = [
            ChangeFollower(
                each.feed,
                each.ports,
                systems.backoffice.users,
                auth,
                store,
                settings.erp_changes_seconds,
                answers,
            )
            for each in systems.all
            if each.feed is not None
        ]
        auth.mail_queue.start()
        try:
            async with AsyncExitStack() as running:
                await running.enter_async_context(announcements.hearing())
                await running.enter_async_context(streams.watched())
                for follower in followers:
                    await running.enter_async_context(follower.running())
                found = routes(settings, pepper, store, systems, auth, pages, streams, feed, metrics, cached)
                app = Application(
                    routes=found,
                    exception_handlers={HTTPException: pages.missing},
                    middleware=[
                        Middleware(RequestContext, count=metrics.request),
                        Middleware(KnownHosts, hosts=settings.hosts),
                        Middleware(
                            Cors,
                            origins={origin for client in settings.clients for origin in client.origins},
                            paths=FOR_OTHER_ORIGINS | {"/graphql"},
                        ),
                        Middleware(Direct, routes=found),
                    ],
                )
                app.state.streams = streams  # the server ends them before it stops
                app.state.metrics = metrics
                yield app
        finally:
            await auth.close()


def _stores(store: SharingClient, cache: SharingClient | None) -> dict[str, SharingClient]:
    """By name, each once."""
    own = {} if cache is None or cache is store else {"cache": cache}
    return {"state": store, **own}


def _tell(systems: Systems, feed: Feed, changes: bytes) -> None:
    """Streams ask anew, and get no answer to a question that is older than the change."""
    for each in systems.all:
        if each.guard is not None:
            each.guard.news()
    feed.tell(read_changes(changes))
