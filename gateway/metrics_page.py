"""Where Prometheus asks for the metrics: a port of its own, which no proxy passes on (ADR 0031)."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from prometheus_client import make_asgi_app
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from gateway.metrics import Metrics


@asynccontextmanager
async def answering(metrics: Metrics, listener: socket.socket | None) -> AsyncIterator[None]:
    """Every request to the listener is answered with the metrics, whatever its path; without one, none."""
    if listener is None:
        yield
        return
    tell = make_asgi_app(metrics.registry)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await metrics.look()
        await tell(scope, receive, send)

    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, lifespan="off")
    config.load()
    state = ServerState()

    def protocol() -> asyncio.Protocol:
        return config.http_protocol_class(config=config, server_state=state, app_state={})  # type: ignore[call-arg]

    server = await asyncio.get_running_loop().create_server(protocol, sock=listener)
    try:
        yield
    finally:
        server.close()
        for each in list(state.connections):
            each.shutdown()
