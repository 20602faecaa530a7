"""uvicorn's connections as the gateway has them, with an application that does what a test wants."""

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import uvicorn
import uvloop
from uvicorn._types import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope

from gateway.http_protocol import BoundedHttp, Connections

GIVE_UP = 20.0
REQUEST = b"GET / HTTP/1.1\r\nHost: example.com\r\n"
UPGRADE = (
    REQUEST + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The gateway's."""
    return {"uvloop": uvloop.new_event_loop}


class Serving:
    """Where it serves, and its connections' protocols, as long as anybody has them."""

    def __init__(self, app: ASGI3Application) -> None:
        self.port = 0
        self.made: list[weakref.ref[BoundedHttp]] = []
        self.state = Connections(1.0)
        self._config = uvicorn.Config(
            app, http=BoundedHttp, log_config=None, lifespan="off", ws="websockets-sansio"
        )
        self._config.load()

    def protocol(self) -> BoundedHttp:
        made = BoundedHttp(config=self._config, server_state=self.state, app_state={})
        self.made.append(weakref.ref(made))
        return made


@asynccontextmanager
async def serving(app: ASGI3Application) -> AsyncIterator[Serving]:
    it = Serving(app)
    server = await asyncio.get_running_loop().create_server(it.protocol, "127.0.0.1", 0)
    it.port = server.sockets[0].getsockname()[1]
    try:
        async with asyncio.timeout(GIVE_UP):
            yield it
    finally:
        server.close()


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.01)


async def answer(send: ASGISendCallable) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok", "more_body": False})


async def test_a_connection_leaves_no_garbage() -> None:
    """Collecting it would cost more than most requests; and a WebSocket needs nothing of what it began as."""

    async def app(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await receive()
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
            await receive()
        else:
            await answer(send)

    async with serving(app) as it:
        gc.collect()
        gc.disable()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", it.port)
            writer.write(REQUEST + b"\r\n")
            assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")
            writer.close()
            await until(lambda: not it.state.connections)
            await asyncio.sleep(0)
            assert it.made.pop()() is None
        finally:
            gc.enable()
        reader, writer = await asyncio.open_connection("127.0.0.1", it.port)
        writer.write(UPGRADE)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101")
        gc.collect()
        assert it.made.pop()() is None
        writer.close()
        await until(lambda: not it.state.connections)
