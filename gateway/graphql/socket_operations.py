"""The operations that run on one WebSocket."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from graphql import OperationType
from starlette.websockets import WebSocketDisconnect

from connectors.http import request_id as current_request
from gateway.graphql.errors import MASKED
from gateway.graphql.messages import Subscribe
from gateway.graphql.parameters import RequestError
from gateway.graphql.subscribing import Subscriptions
from gateway.streams.endings import StreamEnded
from gateway.streams.registry import Stream

log = logging.getLogger("leasegraph.streams")

_ALLOWED = frozenset(OperationType)


class _Operation:
    """One of them."""

    def __init__(self, message: Subscribe, request_id: str) -> None:
        self.message = message
        self.request_id = request_id
        self.wanted = True
        self.task: asyncio.Task[None]

    def stop(self) -> None:
        """Its answers aren't wanted any more. A mutation under way ends nevertheless."""
        self.wanted = False
        self.task.cancel()


class SocketOperations:
    """Begins and stops them; what they answer goes through `send`."""

    def __init__(
        self,
        subscriptions: Subscriptions,
        stream: Stream,
        request_id: str,
        send: Callable[[dict[str, Any]], Awaitable[None]],
        most: int,
    ) -> None:
        self._subscriptions = subscriptions
        self._stream = stream
        self._request_id = request_id
        self._send = send
        self._most = most
        self._count = 0
        self._running: dict[str, _Operation] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._running

    async def begin(self, message: Subscribe) -> None:
        """Answers it with an error where too many run already."""
        self._count += 1
        operation = _Operation(message, f"{self._request_id}-{self._count}")
        if len(self._tasks) >= self._most:
            told = f"{self._most} operations run on this WebSocket, which is the limit."
            error = RequestError(429, told, "TOO_MANY_OPERATIONS")
            await self._send(_failed(message.id, error.told(operation.request_id)))
            return
        self._running[message.id] = operation
        operation.task = asyncio.create_task(self._run(operation))
        self._tasks.add(operation.task)
        operation.task.add_done_callback(self._tasks.discard)

    def complete(self, key: str) -> None:
        """The client wants no more of it; perhaps it is over already."""
        if operation := self._running.pop(key, None):
            operation.stop()

    def stop(self) -> None:
        """None is wanted any more."""
        for key in list(self._running):
            self.complete(key)

    async def finished(self) -> None:
        """Once the last one is; a mutation under way is not broken off."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _run(self, operation: _Operation) -> None:
        current_request.set(operation.request_id)
        key = operation.message.id
        try:
            last = await self._answers(operation)
        except (StreamEnded, WebSocketDisconnect):
            return
        except RequestError as error:
            last = _failed(key, error.told(operation.request_id))
        except Exception:
            log.exception("unhandled error")
            last = _failed(key, RequestError(500, MASKED, "INTERNAL").told(operation.request_id))
        if operation.wanted:
            del self._running[key]  # first, since the client may use the id again once it has read this
            await self._send(last)

    async def _answers(self, operation: _Operation) -> dict[str, Any]:
        """Sends its answers, and returns what is to be sent last."""
        message, request_id = operation.message, operation.request_id
        asker = await self._stream.asker(touch=True)
        begun = self._subscriptions.begun(self._stream, message.payload, asker, request_id, _ALLOWED)
        async with begun as answers:
            if not operation.wanted:  # a cancellation that meets a timeout may be lost in it
                raise StreamEnded
            async for answer in answers:
                if not answer.run:
                    return _failed(message.id, *answer.body["errors"])
                await self._send({"id": message.id, "type": "next", "payload": answer.body})
        return {"id": message.id, "type": "complete"}


def _failed(key: str, *errors: dict[str, Any]) -> dict[str, Any]:
    return {"id": key, "type": "error", "payload": list(errors)}
