"""The server: databases opened, services put together, HTTP and SMTP listening."""

import asyncio
import os
import sys
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO

import msgspec
import uvicorn

from sandbox.app import App
from sandbox.calls import CallLog
from sandbox.clock import Clock
from sandbox.connections import Connection, abort, abort_all
from sandbox.data.database import open_database
from sandbox.demo import demo
from sandbox.documents.store import DocumentStore
from sandbox.documents.uploads import MOST_BYTES as MOST_UPLOAD
from sandbox.documents.uploads import Uploads
from sandbox.erp.reads import Reader
from sandbox.erp.service import add_erp
from sandbox.exchange import encoded
from sandbox.faults import Faults
from sandbox.lies import Liar
from sandbox.mail.archive import Archive
from sandbox.mail.mailbox import Mailbox
from sandbox.mail.pages import MailPages
from sandbox.mail.smtp import Receiver, listen
from sandbox.openapi import description
from sandbox.switches import Switches, add_switches

PATIENCE = 0.5


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
    with_parent: bool = False


class Server(uvicorn.Server):
    """Says when it listens, and stops at once and cleanly on a signal."""

    def __init__(self, config: uvicorn.Config, faults: Faults) -> None:
        """`faults` learn of the stop, since calls may hang on purpose."""
        super().__init__(config)
        self._faults = faults

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Not raised again after the shutdown: being told to stop is no error."""
        del sig, frame
        self.stop()

    def watch(self, pipe: BinaryIO) -> None:
        """Stop when `pipe` ends, as it does when the process that holds its other end dies."""
        loop = asyncio.get_running_loop()

        def read() -> None:
            if not os.read(pipe.fileno(), 4096):
                loop.remove_reader(pipe)
                self.stop()

        loop.add_reader(pipe, read)

    def stop(self) -> None:
        """Let what has begun finish, then end."""
        self.should_exit = True
        self._faults.stopping.set()

    async def shutdown(self, sockets: list[Any] | None = None) -> None:
        """Requests under way get half a second, then their connections are closed."""
        asyncio.get_running_loop().call_later(PATIENCE, abort_all)
        await super().shutdown(sockets)

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
    mailbox = Mailbox(database, settings.data_dir)
    clock = Clock(settings.today.isoformat())
    uploads = Uploads(database, settings.data_dir, clock)
    reader, archive = Reader(database, clock), Archive(database)
    documents = DocumentStore(database, clock, uploads)
    faults, calls = Faults(settings.seed), CallLog()
    app = App(settings.api_key, faults, calls, abort, Liar(reader, documents, archive).lie)
    receiver = Receiver(mailbox, app.answers.clear)
    add_erp(app, database, clock, reader)
    add_documents(app, documents)
    add_mail(app, archive, MailPages(mailbox))
    add_switches(app, Switches(clock, faults, calls, receiver), database, clock, reader)
    app.route("GET", "/demo.json", partial(demo, clock), public=True)
    app.route("GET", "/openapi.json", lambda _: encoded(description()), public=True)
    config = uvicorn.Config(
        app, settings.host, settings.port, http=Connection, ws="none", lifespan="off", log_level="warning",
        access_log=False, timeout_keep_alive=75, timeout_graceful_shutdown=1,
    )  # fmt: skip
    smtp = await listen(receiver, settings.host, settings.smtp_port)
    try:
        server = Server(config, faults)
        if settings.with_parent:
            server.watch(sys.stdin.buffer)
        await server.serve()
    finally:
        smtp.close()
        database.close()


def add_documents(app: App, documents: DocumentStore) -> None:
    """Serve the document store."""
    app.read("/documents/v1/list", documents.list_by_owner)
    app.read("/documents/v1/count", documents.count_by_client)
    app.read("/documents/v1/get", documents.get_by_id)
    app.route("POST", "/documents/v1/keep", documents.keep)
    app.route("GET", "/documents/v1/content/", documents.send)
    app.route("PUT", "/documents/v1/content/", documents.put, most=MOST_UPLOAD)


def add_mail(app: App, archive: Archive, pages: MailPages) -> None:
    """Serve the mail archive, and the mailbox's pages to anybody."""
    app.read("/mail/v1/list", archive.list_by_address)
    app.read("/mail/v1/get", archive.get_by_id)
    app.read("/mail/v1/count", archive.count_by_address)
    app.route("GET", "/mail", pages.index, public=True)
    app.route("GET", "/mail.json", pages.listing, public=True)
    app.route("GET", "/mail.css", pages.style, public=True)
    app.route("GET", "/mail.js", pages.script, public=True)
    app.route("GET", "/mail/", pages.message, public=True)
