"""The web server: uvicorn, with connections of its own accepting or from the parent of several workers."""

import asyncio
import os
import signal
import socket
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette

from gateway.connection_watch import ConnectionWatch
from gateway.http_protocol import BoundedHttp, BoundedSocket, Connections
from gateway.settings import Settings
from gateway.streams.endings import STOPPING
from gateway.streams.registry import Streams


def server_config(app: Starlette, settings: Settings) -> uvicorn.Config:
    """How the application is served."""
    return uvicorn.Config(
        app,
        http=BoundedHttp,
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws=BoundedSocket,
        ws_max_size=settings.max_body_bytes,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=int(settings.request_timeout) + 1,
    )


CLIENTS_SHARE = 0.75
"""Of the file descriptors; the rest is for the store, for systems and files."""


class Server(uvicorn.Server):
    """uvicorn, saying so once it serves, watching its connections, and ending streams before it stops."""

    def __init__(
        self, config: uvicorn.Config, ready: Callable[[], None], streams: Streams, settings: Settings
    ) -> None:
        super().__init__(config)
        self.server_state = connections = Connections(CLIENTS_SHARE)
        self._watch = ConnectionWatch(
            connections,
            receive_timeout=settings.receive_timeout,
            stall_timeout=settings.download_stall_timeout,
        )
        self._ready = ready
        self._streams = streams

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        with self._watch.watching():
            await super().serve(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Streams end first: they would never be answered, and what is left is waited for."""
        self._streams.refuse(STOPPING)
        await super().shutdown(sockets)


class WorkerServer(Server):
    """One that listens nowhere: `channel` brings it connections, and breaks when the parent is gone."""

    def __init__(
        self,
        config: uvicorn.Config,
        ready: Callable[[], None],
        streams: Streams,
        settings: Settings,
        channel: socket.socket,
    ) -> None:
        super().__init__(config, ready, streams, settings)
        self._channel = channel
        self._taking: set[asyncio.Task[None]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002
        self._channel.setblocking(False)
        asyncio.get_running_loop().add_reader(self._channel.fileno(), self._receive)
        await super().startup([])

    def _receive(self) -> None:
        try:
            word, connections, _, _ = socket.recv_fds(self._channel, 1, 1)
        except BlockingIOError:
            return
        if not word:  # killed, the parent can't stop its workers, and nobody else would
            os.kill(os.getpid(), signal.SIGKILL)
        for each in connections:
            task = asyncio.create_task(self._take(socket.socket(fileno=each)))
            self._taking.add(task)
            task.add_done_callback(self._taking.discard)

    async def _take(self, connection: socket.socket) -> None:
        if self.should_exit:
            connection.close()
            return
        connection.setblocking(False)
        try:
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection)
        except OSError:  # its client has hung up meanwhile
            connection.close()

    def _protocol(self) -> asyncio.Protocol:
        """As uvicorn makes one for each connection that it accepts itself."""
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
