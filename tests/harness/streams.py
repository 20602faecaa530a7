"""Streams as a client holds them: a WebSocket by `graphql-transport-ws`, and an event stream."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.harness.person import Person

PATIENCE = 20.0


class Socket:
    """One open WebSocket."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, **message: Any) -> None:
        """One message."""
        await self.connection.send(json.dumps(message))

    async def receive(self) -> dict[str, Any]:
        """The next message."""
        async with asyncio.timeout(PATIENCE):
            message: dict[str, Any] = json.loads(await self.connection.recv())
            return message

    async def initialise(self, **payload: Any) -> None:
        """Until it is acknowledged."""
        await self.send(type="connection_init", payload=payload)
        assert await self.receive() == {"type": "connection_ack"}

    async def subscribe(self, query: str, key: str = "1", **variables: Any) -> None:
        """Asks for an operation."""
        await self.send(type="subscribe", id=key, payload={"query": query, "variables": variables})

    async def ask(self, query: str, key: str = "q", **variables: Any) -> dict[str, Any]:
        """The one answer to a query or mutation."""
        await self.subscribe(query, key, **variables)
        answer = await self.receive()
        assert (answer["type"], answer["id"]) == ("next", key), answer
        assert await self.receive() == {"type": "complete", "id": key}
        payload: dict[str, Any] = answer["payload"]
        return payload

    async def event(self, again: Callable[[], object]) -> dict[str, Any]:
        """The payload of the next event; `again` makes one, as nobody says when a subscription has begun."""
        coming = asyncio.ensure_future(self.receive())
        async with asyncio.timeout(PATIENCE):
            while not coming.done():
                await asyncio.to_thread(again)
                await asyncio.wait((coming,), timeout=0.3)
        message = coming.result()
        assert message["type"] == "next", message
        payload: dict[str, Any] = message["payload"]
        return payload

    async def closed(self) -> tuple[int, str]:
        """With which code and reason, whatever comes before."""
        async with asyncio.timeout(PATIENCE):
            with suppress(ConnectionClosed):
                while True:
                    await self.connection.recv()
        assert self.connection.close_code is not None
        return self.connection.close_code, self.connection.close_reason or ""


@asynccontextmanager
async def open_socket(
    url: str,
    person: Person | None = None,
    *,
    origin: str | None = None,
    protocol: str | None = "graphql-transport-ws",
) -> AsyncIterator[Socket]:
    """Opens a WebSocket at a gateway, with a person's cookies; by default from a page of ours."""
    headers = {}
    if person is not None:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in person.browser.cookies.items())
        headers["Origin"] = url if origin is None else origin
    protocols = [Subprotocol(protocol)] if protocol else None
    address = f"{url.replace('http', 'ws', 1)}/graphql"
    headers = {name: value for name, value in headers.items() if value}
    async with connect(
        address, subprotocols=protocols, additional_headers=headers, proxy=None, compression=None
    ) as connection:
        yield Socket(connection)


class EventStream:
    """One open event stream."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def block(self) -> list[str] | None:
        """The lines of the next event or comment; None at the end."""
        lines: list[str] = []
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                if not line:
                    return lines
                lines.append(line)
        return None

    async def next(self) -> dict[str, Any] | str | None:
        """The next event's payload; `complete`, or None where the stream broke off."""
        while (block := await self.block()) == [":"]:
            pass
        if block is None:
            return None
        if block[0] == "event: complete":
            return "complete"
        assert block[0] == "event: next", block
        payload: dict[str, Any] = json.loads(block[1].removeprefix("data: "))
        return payload


@asynccontextmanager
async def open_events(
    url: str, query: str | dict[str, Any], person: Person | None = None, **headers: str
) -> AsyncIterator[EventStream]:
    """Asks for an event stream, as a person; a subscription has begun once this is entered.

    `query` is a document, or all that is sent.
    """
    asked = {"query": query} if isinstance(query, str) else query
    cookies = dict(person.browser.cookies) if person else {}
    sent = {"Accept": "text/event-stream", "GraphQL-Require-Preflight": "1", **headers}
    async with (
        httpx2.AsyncClient(base_url=url, trust_env=False, cookies=cookies, timeout=PATIENCE) as client,
        client.stream("POST", "/graphql", json=asked, headers=sent) as response,
    ):
        yield EventStream(response)
