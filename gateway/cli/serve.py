"""`leasegraph serve`: the gateway alone."""

import errno
import gc
import logging
import signal
import socket
import sys

import uvicorn
import uvloop
from starlette.applications import Starlette

from gateway import logs
from gateway.app import open_app
from gateway.pages import Demo
from gateway.setting import SettingsError
from gateway.settings import Settings, load
from gateway.streams.endings import STOPPING
from gateway.streams.registry import Streams

GARBAGE_THRESHOLDS = (50_000, 2, 2)
"""When Python looks for garbage in cycles: seldom, since an answer of thousands of records has none; but
graphql-core leaves some behind with each operation that it runs."""

log = logging.getLogger("leasegraph.serve")


class Server(uvicorn.Server):
    """uvicorn, saying where it is once it listens."""

    def __init__(self, config: uvicorn.Config, banner: str, streams: Streams) -> None:
        super().__init__(config)
        self._banner = banner
        self._streams = streams

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            print(self._banner, flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Streams end first: they would never be answered, and what is left is waited for."""
        self._streams.refuse(STOPPING)
        await super().shutdown(sockets)


def listen(settings: Settings) -> socket.socket:
    """The listening socket, first of all: a taken port should stop the start before anything else begins."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except (OSError, UnicodeError) as error:  # UnicodeError: what can't be a host name, such as `a..b`
        reason = getattr(error, "strerror", error)
        if isinstance(error, OSError) and error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise SettingsError(
                f"LEASEGRAPH_PORT: can't listen on port {settings.port} of {settings.host} "
                f"({reason}). Stop what listens there, or set another port."
            ) from error
        raise SettingsError(
            f"LEASEGRAPH_HOST: '{settings.host}' is no address of this machine ({reason}). "
            "127.0.0.1 listens for this machine alone, 0.0.0.0 on all its addresses."
        ) from error
    # Accepted connections inherit it. asyncio sets it for listeners of its own making only, and head and body
    # are two writes: the second would wait some 40 ms for the client's delayed acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def end_by_signal() -> None:
    """Until the server takes over, SIGTERM ends the start with all that it began.

    A closed terminal counts as SIGTERM, unless we run under nohup.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))


def run(settings: Settings, listener: socket.socket, banner: str, demo: Demo | None = None) -> None:
    """Serves until SIGTERM or SIGINT, then finishes what has begun."""
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    uvloop.run(_run(settings, listener, banner, demo))


def server_config(app: Starlette, settings: Settings) -> uvicorn.Config:
    """How the application is served."""
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="websockets-sansio",
        ws_max_size=settings.max_body_bytes,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=int(settings.request_timeout) + 1,
    )


async def _run(settings: Settings, listener: socket.socket, banner: str, demo: Demo | None) -> None:
    log.debug("starting", extra={"engine": settings.engine})
    async with open_app(settings, demo) as app:
        gc.freeze()  # what is there at the start stays: no need to look through it again and again
        config = server_config(app, settings)
        for stop in (signal.SIGTERM, signal.SIGINT):
            # uvicorn raises the signal again once it has stopped; by then it has had its effect.
            signal.signal(stop, lambda *_: None)
        await Server(config, banner, app.state.streams).serve(sockets=[listener])


def serve() -> None:
    """With the settings of this process."""
    settings = load()
    logs.configure(settings.log_level)
    end_by_signal()
    with listen(settings) as listener:
        run(settings, listener, f"Leasegraph listens on {settings.public_url}")
