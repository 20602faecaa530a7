"""GraphQL over WebSocket by the protocol `graphql-transport-ws`, whose text names the close codes.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from gateway.graphql.messages import (
    PROTOCOL,
    Complete,
    ConnectionInit,
    Message,
    Ping,
    Subscribe,
    decode,
)
from gateway.graphql.parameters import RequestError
from gateway.graphql.socket_operations import SocketOperations
from gateway.graphql.subscribing import Subscriptions
from gateway.identity import Credential
from gateway.streams.endings import ending_of
from gateway.streams.registry import Stream, Streams
from resolvers.viewer import Asker

INIT_SECONDS = 10.0
CLOSE_SECONDS = 2.0
_MOST_REASON_BYTES = 123  # RFC 6455, 5.5
_encode = msgspec.json.Encoder().encode


class _Closed(Exception):
    """The gateway closes it."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:_MOST_REASON_BYTES].decode(errors="ignore")


@dataclass(frozen=True, slots=True)
class SocketEndpoint:
    """Serves WebSockets. `credential_of` says by what somebody asks; None where there is nothing."""

    subscriptions: Subscriptions
    streams: Streams
    credential_of: Callable[[WebSocket, str], Credential | None]
    most_operations: int

    async def serve(self, websocket: WebSocket) -> None:
        """From the handshake to the close."""
        offered = PROTOCOL in websocket.scope["subprotocols"]
        await websocket.accept(PROTOCOL if offered else None)
        try:
            if not offered:
                raise _Closed(4406, "Subprotocol not acceptable")
            credential = await self._initialised(websocket)
            await self._converse(websocket, credential, await _asker(credential))
        except _Closed as closed:
            await _close(websocket, closed)
        except WebSocketDisconnect:
            pass  # it hung up; nobody is told anything any more

    async def _initialised(self, websocket: WebSocket) -> Credential:
        """By what somebody asks."""
        try:
            async with asyncio.timeout(INIT_SECONDS):
                while not isinstance(message := await _received(websocket), ConnectionInit):
                    if isinstance(message, Subscribe):
                        raise _Closed(4401, "Unauthorized")
                    if isinstance(message, Ping):
                        await _pong(websocket, message)
        except TimeoutError as error:
            raise _Closed(4408, "Connection initialisation timeout") from error
        authorization = (message.payload or {}).get("authorization", "")
        if not isinstance(authorization, str):
            raise _Closed(4400, "The payload's 'authorization' is no text")
        credential = self.credential_of(websocket, authorization)
        if credential is None:
            raise _Closed(4401, "Unauthorized")
        return credential

    async def _converse(self, websocket: WebSocket, credential: Credential, asker: Asker) -> None:
        """Until either side closes it, or whoever asks may not any more."""
        with ExitStack() as stack:
            try:
                stream = stack.enter_context(self.streams.opened(credential, asker))
            except RequestError as error:
                raise _Closed(1013, str(error)) from error
            operations = SocketOperations(
                self.subscriptions,
                stream,
                websocket.state.request_id,
                lambda message: _send(websocket, message),
                self.most_operations,
            )
            try:
                await _send(websocket, {"type": "connection_ack"})
                await _talk(websocket, stream, operations)
            except _Closed as closed:
                operations.stop()  # before anything is waited for
                await _close(websocket, closed)
            finally:
                operations.stop()
                await operations.finished()


async def _asker(credential: Credential) -> Asker:
    try:
        asker = await credential.asker()
    except RequestError as error:
        ending = ending_of(error)
        raise _Closed(ending.close_code, ending.message) from error
    if asker is None:
        raise _Closed(4401, "Unauthorized")
    return asker


async def _talk(websocket: WebSocket, stream: Stream, operations: SocketOperations) -> None:
    """Raises _Closed or WebSocketDisconnect in the end."""
    reading = asyncio.ensure_future(_read(websocket, operations))
    try:
        await asyncio.wait((reading, stream.ended), return_when=asyncio.FIRST_COMPLETED)
        if stream.ended.done():
            ending = stream.ended.result()
            raise _Closed(ending.close_code, ending.message)
        reading.result()
    finally:
        reading.cancel()


async def _read(websocket: WebSocket, operations: SocketOperations) -> None:
    while True:
        message = await _received(websocket)
        if isinstance(message, Subscribe):
            if message.id in operations:
                raise _Closed(4409, f"Subscriber for {message.id} already exists")
            await operations.begin(message)
        elif isinstance(message, Complete):
            operations.complete(message.id)
        elif isinstance(message, Ping):
            await _pong(websocket, message)
        elif isinstance(message, ConnectionInit):
            raise _Closed(4429, "Too many initialisation requests")


async def _received(websocket: WebSocket) -> Message:
    """The next message. Raises WebSocketDisconnect, and _Closed for what isn't one."""
    received = await websocket.receive()
    if received["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(received["code"])
    text = received.get("text")
    if text is None:
        raise _Closed(4400, "Messages are text")
    try:
        message: Message = decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise _Closed(4400, f"Invalid message: {error}") from error
    return message


async def _send(websocket: WebSocket, message: dict[str, Any]) -> None:
    await websocket.send_text(_encode(message).decode())


async def _pong(websocket: WebSocket, ping: Ping) -> None:
    payload = {} if ping.payload is None else {"payload": ping.payload}
    await _send(websocket, {"type": "pong", **payload})


async def _close(websocket: WebSocket, closed: _Closed) -> None:
    """A peer that takes nothing is hung up on."""
    with suppress(TimeoutError, WebSocketDisconnect):
        async with asyncio.timeout(CLOSE_SECONDS):
            await websocket.close(closed.code, closed.reason)
