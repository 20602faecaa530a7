"""The server: databases opened, services put together, HTTP and SMTP listening."""

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec
import uvicorn

from sandbox.app import App
from sandbox.calls import CallLog
from sandbox.clock import Clock
from sandbox.connections import Connection, abort
from sandbox.data.database import open_database
from sandbox.erp.reads import Reader
from sandbox.erp.service import add_erp
from sandbox.faults import Faults


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line says."""

    host: str
    port: int
    smtp_port: int
    data_dir: Path
    size: str
    seed: int
    today: date
    api_key: str


class Server(uvicorn.Server):
    """Says when it listens, and stops at once and cleanly on a signal."""

    def __init__(self, config: uvicorn.Config, faults: Faults) -> None:
        """`faults` learn of the stop, since calls may hang on purpose."""
        super().__init__(config)
        self._faults = faults

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Not raised again after the shutdown: being told to stop is no error."""
        del sig, frame
        self.should_exit = True
        self._faults.stopping.set()

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """Print one line of JSON once the port is open."""
        await super().startup(sockets)
        if self.started:
            line = {"ready": True, "port": self.config.port}
            sys.stdout.write(f"{msgspec.json.encode(line).decode()}\n")
            sys.stdout.flush()


async def serve(settings: Settings) -> None:
    """Serve until told to stop."""
    database = open_database(settings.data_dir, settings.seed, settings.size, settings.today)
    clock = Clock(settings.today)
    reader = Reader(database, clock)
    faults = Faults(settings.seed)
    app = App(settings.api_key, faults, CallLog(), abort, lambda _, results: results)
    add_erp(app, database, clock, reader)
    config = uvicorn.Config(
        app, settings.host, settings.port, http=Connection, ws="none", lifespan="off", log_level="warning",
        access_log=False, timeout_keep_alive=75, timeout_graceful_shutdown=0,
    )  # fmt: skip
    await Server(config, faults).serve()
    database.close()
