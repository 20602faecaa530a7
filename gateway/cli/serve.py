"""`leasegraph serve`: the gateway alone."""

import asyncio
import signal

import uvicorn

from gateway import logs
from gateway.app import create_app
from gateway.pages import Demo
from gateway.settings import Settings, load


class Server(uvicorn.Server):
    """uvicorn, saying where it is once it listens."""

    def __init__(self, config: uvicorn.Config, banner: str) -> None:
        super().__init__(config)
        self._banner = banner

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            print(self._banner, flush=True)


def run(settings: Settings, banner: str, demo: Demo | None = None) -> None:
    """Serves until SIGTERM or SIGINT, then finishes what has begun."""
    config = uvicorn.Config(
        create_app(settings, demo),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="on",
        timeout_graceful_shutdown=int(settings.request_timeout) + 1,
    )
    server = Server(config, banner)
    for stop in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises the signal again once it has stopped; by then it has had its effect.
        signal.signal(stop, lambda *_: None)
    asyncio.run(server.serve())
    if not server.started:
        raise SystemExit(3)


def serve() -> None:
    """With the settings of this process."""
    settings = load()
    logs.configure(settings.log_level)
    run(settings, f"Leasegraph listens on {settings.public_url}")
