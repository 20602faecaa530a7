"""A gateway within the test's process, where a table says what each bearer token grants."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx2
from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from auth.errors import StoreUnavailable
from auth.service import Auth
from auth.sessions import Session
from auth.tokens import Grant
from gateway import app
from gateway.server import Server, server_config
from gateway.settings import Settings, load
from gateway.state import sole_gateway
from resolvers.scopes import SCOPES
from tests.harness.processes import API_KEY, ENGINES, Sandbox

EVERY_SCOPE = frozenset(SCOPES.values())


class Recorder:
    """Keeps what is audited; while it is `down` it can't."""

    def __init__(self) -> None:
        self.events: list[dict[str, str]] = []
        self.down = False

    async def record(self, event: str, **fields: str) -> None:
        if self.down:
            raise StoreUnavailable
        if event == "tool.read":  # not what the back office changes meanwhile
            self.events.append({"event": event, **fields})


class Door:
    """The public door of the gateway, and who has a key to it."""

    def __init__(self) -> None:
        self.grants: dict[str, Grant] = {}
        self.sessions: dict[str, Session] = {}
        self.audit = Recorder()
        self.http: httpx2.AsyncClient
        self.application: Starlette
        self.settings: Settings
        self.auth: Auth

    def tool(self, *scopes: str, client_id: str = "helpdesk") -> str:
        """The token of an internal tool."""
        token = f"{client_id}-{'-'.join(sorted(scopes))}"
        self.grants[token] = Grant(client_id, client_id.title(), frozenset(scopes), None)
        return token

    def user(self, login: str, *scopes: str, role: str = "OWNER") -> str:
        """The token of a front end that a user let in."""
        token = f"user-{login}-{'-'.join(scopes)}"
        self.grants[token] = Grant("front-end", "Front end", frozenset(scopes), session(login, role))
        return token

    async def post(self, query: str, token: str | None = None, **headers: str) -> httpx2.Response:
        """Asks with a token; further headers have `_` for `-`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        return await self.http.post("/graphql", json={"query": query}, headers=sent)

    async def ask(self, query: str, token: str | None = None, **variables: Any) -> dict[str, Any]:
        """The whole GraphQL answer."""
        sent = {} if token is None else {"Authorization": f"Bearer {token}"}
        asked = {"query": query, "variables": variables}
        answer = await self.http.post("/graphql", json=asked, headers=sent)
        assert answer.status_code == 200, (answer.status_code, answer.text)
        told: dict[str, Any] = answer.json()
        return told

    async def data(self, query: str, token: str | None = None) -> Any:
        """The data of an answer without errors."""
        told = await self.ask(query, token)
        assert "errors" not in told, told["errors"][:3]
        return told["data"]


def session(login: str, role: str = "OWNER") -> Session:
    """The session of somebody who acts for the client of their login."""
    return Session(login, (login[:7],), role, "Anna", "a@example.com", "pl", "hash", 0, 0, "tag")


@asynccontextmanager
async def open_door(folder: Path, sandbox: Sandbox, engine: str = ENGINES[0]) -> AsyncIterator[Door]:
    """A gateway over the sandbox; its own store is there, its tokens and cookies are the door's."""
    door = Door()

    class TableAuth(Auth):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **{**named, "audit": door.audit})
            door.auth = self

        async def bearer(self, token: str, *, touch: bool = True) -> Grant | None:  # noqa: ARG002
            if token == "while-the-store-is-down":
                raise StoreUnavailable
            return door.grants.get(token)

        async def session(self, request: HTTPConnection, *, touch: bool = True) -> Session | None:  # noqa: ARG002
            return door.sessions.get(request.cookies.get("who", ""))

    settings = load(
        {
            "LEASEGRAPH_DATA_DIR": str(folder), "LEASEGRAPH_ERP_URL": sandbox.url,
            "LEASEGRAPH_ERP_API_KEY": API_KEY, "LEASEGRAPH_DOCUMENTS_URL": sandbox.url,
            "LEASEGRAPH_DOCUMENTS_API_KEY": API_KEY, "LEASEGRAPH_MAIL_ARCHIVE_URL": sandbox.url,
            "LEASEGRAPH_MAIL_ARCHIVE_API_KEY": API_KEY, "LEASEGRAPH_MAX_COST": str(10**9),
            "LEASEGRAPH_MAX_TOKENS": str(10**6), "LEASEGRAPH_MAX_ALIASES": str(10**5),
            "LEASEGRAPH_MAX_DEPTH": "60", "LEASEGRAPH_MAX_BODY_BYTES": str(10**7),
            "LEASEGRAPH_REQUEST_TIMEOUT": "60", "LEASEGRAPH_ERP_TIMEOUT": "30", "LEASEGRAPH_ENGINE": engine,
            "LEASEGRAPH_SECRET_KEY": "of all doors alike, so that tags agree",
        }
    )  # fmt: skip
    with sole_gateway(settings), patch.object(app, "Auth", TableAuth):
        async with app.open_app(settings) as application:
            door.application, door.settings = application, settings
            transport = httpx2.ASGITransport(app=application)
            async with httpx2.AsyncClient(transport=transport, base_url=settings.public_url) as door.http:
                yield door


@asynccontextmanager
async def served(door: Door) -> AsyncIterator[str]:
    """The door on a port of its own, as a URL: for streams, which need a connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(
            server_config(door.application, door.settings),
            lambda: None,
            door.application.state.streams,
            door.settings,
        )
        serving = asyncio.create_task(server._serve([listener]))  # `serve` would take this process's signals
        try:
            while not server.started:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving
