"""Where Prometheus asks for the metrics: a port of its own, which no proxy passes on (ADR 0031)."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from prometheus_client import make_asgi_app
from starlette.types import Receive, Scope, Send

from gateway.connection_watch import ConnectionWatch
from gateway.http_protocol import BoundedHttp, Connections
from gateway.metrics import Metrics
from gateway.settings import Settings

SHARE = 0.05
"""Of the file descriptors, for those who ask for metrics."""


@asynccontextmanager
async def answering(
    metrics: Metrics, listener: socket.socket | None, settings: Settings
) -> AsyncIterator[None]:
    """Every request to the listener is answered with the metrics, whatever its path; without one, none."""
    if listener is None:
        yield
        return
    tell = make_asgi_app(metrics.registry)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await metrics.look()
        await tell(scope, receive, send)

    config = uvicorn.Config(
        app, http=BoundedHttp, log_config=None, access_log=False, server_header=False, lifespan="off"
    )
    config.load()
    state = Connections(SHARE)
    watch = ConnectionWatch(
        state, receive_timeout=settings.receive_timeout, stall_timeout=settings.download_stall_timeout
    )

    def protocol() -> asyncio.Protocol:
        return BoundedHttp(config, state, {})

    server = await asyncio.get_running_loop().create_server(protocol, sock=listener)
    try:
        with watch.watching():
            yield
    finally:
        server.close()
        for each in list(state.connections):
            each.shutdown()
