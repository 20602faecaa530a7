"""An operation on a stream: one answer, or for a subscription one for each change that it follows."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import aclosing, asynccontextmanager

from graphql import OperationType
from starlette.types import Receive

from connectors.http import request_id as current_request
from gateway.graphql.parameters import Parameters
from gateway.graphql.running import Answer, Runner
from gateway.streams.feed import Feed, Following
from gateway.streams.registry import Stream
from resolvers.following import Beginning
from resolvers.viewer import Asker

EVENTS_AT_ONCE = 20
"""One change may concern every stream; the store and the back office answer queries meanwhile."""

_EVENT = frozenset({OperationType.SUBSCRIPTION})


class Subscriptions:
    """Runs operations of any type for streams."""

    def __init__(self, runner: Runner, feed: Feed) -> None:
        self._runner = runner
        self._feed = feed
        self._turns = asyncio.Semaphore(EVENTS_AT_ONCE)

    @asynccontextmanager
    async def begun(
        self,
        stream: Stream,
        parameters: Parameters,
        asker: Asker,
        request_id: str,
        allowed: Collection[OperationType],
        receive: Receive | None = None,
    ) -> AsyncIterator[AsyncIterator[Answer]]:
        """Its answers. When the block begins, a query or mutation has been run, and a subscription follows.

        Raises what `Runner.run` raises, to which `receive` goes; the answers may raise StreamEnded and
        RequestError.
        """
        beginning = Beginning()
        first = await self._runner.run(parameters, asker, request_id, allowed, beginning, receive)
        if beginning.interest is None:
            yield _only(first)
            return
        with self._feed.following(beginning.interest, stream.miss) as changes:
            async with aclosing(self._events(stream, changes, parameters, request_id)) as events:
                yield events

    async def _events(
        self, stream: Stream, changes: Following, parameters: Parameters, request_id: str
    ) -> AsyncGenerator[Answer]:
        """Each is an operation of its own, of whoever holds the stream by then, with an id of its own."""
        count = 0
        while True:
            change = await changes.next()
            count += 1
            own_id = f"{request_id}-{count}"
            current_request.set(own_id)
            async with self._turns:
                asker = await stream.asker()
                answer = await self._runner.run(parameters, asker, own_id, _EVENT, change)
            if answer.body.get("errors") or any((answer.body.get("data") or {}).values()):
                yield answer  # else the object is not, or no longer, the asker's to see


async def _only(answer: Answer) -> AsyncIterator[Answer]:
    yield answer
