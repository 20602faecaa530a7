"""`leasegraph serve`: the gateway alone."""

import errno
import gc
import logging
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial

import uvicorn
import uvloop

from gateway import logs
from gateway.app import open_app
from gateway.free_memory import give_back
from gateway.metrics_page import answering
from gateway.pages import Demo
from gateway.server import Server, WorkerServer, server_config
from gateway.setting import SettingsError
from gateway.settings import PREFIX, Settings, load
from gateway.state import sole_gateway
from gateway.streams.registry import Streams
from gateway.workers import Worker, Workers

GARBAGE_THRESHOLDS = (50_000, 2, 2)
"""When Python looks for garbage in cycles: seldom, since an answer of thousands of records has none; but
graphql-core leaves some behind with each operation that it runs."""

ServerKind = Callable[[uvicorn.Config, Callable[[], None], Streams, Settings], Server]

_CLOSING_SECONDS = 60.0
"""What a worker may take to stop beside its requests: mails are sent, the store writes everything."""

_LAST_PORT = 65_535

log = logging.getLogger("leasegraph.serve")


def listen(settings: Settings) -> socket.socket:
    """The listening socket, first of all: a taken port should stop the start before anything else begins."""
    listener = _listen(settings.host, settings.port)
    # Accepted connections inherit it. asyncio sets it for listeners of its own making only, and head and body
    # are two writes: the second would wait some 40 ms for the client's delayed acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _listen(host: str, port: int, prefix: str = PREFIX) -> socket.socket:
    """Raises SettingsError, which names the settings by this prefix of theirs."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, UnicodeError) as error:  # UnicodeError: what can't be a host name, such as `a..b`
        reason = getattr(error, "strerror", error)
        if isinstance(error, OSError) and error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise SettingsError(
                f"{prefix}PORT: can't listen on port {port} of {host} "
                f"({reason}). Stop what listens there, or set another port."
            ) from error
        raise SettingsError(
            f"{prefix}HOST: '{host}' is no address of this machine ({reason}). "
            "127.0.0.1 listens for this machine alone, 0.0.0.0 on all its addresses."
        ) from error


def _listen_for_metrics(settings: Settings) -> list[socket.socket]:
    """A socket for each worker; none where none is wanted. A worker that dies leaves it to the next one."""
    ports = range(settings.metrics_port, settings.metrics_port + settings.workers)
    if not settings.metrics_port:
        return []
    if ports[-1] > _LAST_PORT:
        raise SettingsError(
            f"LEASEGRAPH_METRICS_PORT: each of the {settings.workers} workers takes a port, from "
            f"{settings.metrics_port} on, and {_LAST_PORT} is the last one. Set a lower number."
        )
    return [_listen(settings.metrics_host, port, f"{PREFIX}METRICS_") for port in ports]


def end_by_signal() -> None:
    """Until the server takes over, SIGTERM ends the start with all that it began.

    A closed terminal counts as SIGTERM, unless we run under nohup.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))


def run(settings: Settings, listener: socket.socket, banner: str, demo: Demo | None = None) -> int:
    """Serves until SIGTERM or SIGINT, then finishes what has begun. Returns the exit status."""

    def ready() -> None:
        print(banner, flush=True)

    def work(worker: Worker) -> None:
        logs.configure(settings.log_level, worker.number)
        end_by_signal()
        mine = _own(told_at, worker.number - 1)
        try:
            _serve(settings, demo, partial(WorkerServer, channel=worker.channel), worker.ready, mine)
        except SettingsError as error:
            print(f"leasegraph: {error}", file=sys.stderr)
            sys.exit(2)

    with sole_gateway(settings), ExitStack() as listening:
        told_at = [listening.enter_context(each) for each in _listen_for_metrics(settings)]
        if settings.workers == 1:
            _serve(settings, demo, Server, ready, _own(told_at, 0), listener)
            return 0
        grace = settings.request_timeout + _CLOSING_SECONDS
        return Workers(settings.workers, listener, work, ready=ready, grace=grace).run()


def _own(all_of_them: list[socket.socket], place: int) -> socket.socket | None:
    """The worker's own socket; the others' are closed here."""
    for each in all_of_them[:place] + all_of_them[place + 1 :]:
        each.close()
    return all_of_them[place] if all_of_them else None


def _serve(
    settings: Settings,
    demo: Demo | None,
    kind: ServerKind,
    ready: Callable[[], None],
    metrics: socket.socket | None,
    *listeners: socket.socket,
) -> None:
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    uvloop.run(_run(settings, demo, kind, ready, metrics, listeners))


async def _run(
    settings: Settings,
    demo: Demo | None,
    kind: ServerKind,
    ready: Callable[[], None],
    metrics: socket.socket | None,
    listeners: Sequence[socket.socket],
) -> None:
    log.debug("starting", extra={"engine": settings.engine})
    async with open_app(settings, demo) as app, answering(app.state.metrics, metrics, settings):
        gc.collect()
        gc.freeze()  # what is there at the start stays: no need to look through it again and again
        gc.collect()  # and it counts nothing: garbage is else let grow to a quarter of what there was
        give_back()
        server = kind(server_config(app, settings), ready, app.state.streams, settings)
        for stop in (signal.SIGTERM, signal.SIGINT):
            # uvicorn raises the signal again once it has stopped; by then it has had its effect.
            signal.signal(stop, lambda *_: None)
        await server.serve(sockets=list(listeners))


def serve(workers: int | None = None) -> int:
    """With the settings of this process; `workers` goes before the setting. Returns the exit status."""
    settings = load()
    if workers is not None:
        settings = replace(settings, workers=workers)
    logs.configure(settings.log_level)
    end_by_signal()
    with listen(settings) as listener:
        return run(settings, listener, f"Leasegraph listens on {settings.public_url}")
