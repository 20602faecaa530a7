"""Every open stream of this gateway, and the end of those whose session or token has ended."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

from gateway.graphql.parameters import RequestError
from gateway.identity import Credential
from gateway.streams.endings import MISSED, SESSION_ENDED, Ending, StreamEnded, ending_of
from resolvers.viewer import Asker, Tool

log = logging.getLogger("leasegraph.streams")

CHECKS_AT_ONCE = 20


class Stream:
    """One open WebSocket or event stream, until `ended` says why it is none any more."""

    def __init__(self, credential: Credential) -> None:
        self.credential = credential
        self.ended: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()

    def end(self, ending: Ending) -> None:
        """The first reason counts."""
        if not self.ended.done():
            self.ended.set_result(ending)

    def miss(self) -> None:
        """It may have missed changes, and so it ends."""
        self.end(MISSED)

    async def asker(self, *, touch: bool = False) -> Asker:
        """Who holds it, as of now. Raises StreamEnded, then and ever after, once that is nobody."""
        found = None
        try:
            found = await self.credential.asker(touch=touch)
        except RequestError as error:
            self.end(ending_of(error))
        else:
            if found is None:
                self.end(SESSION_ENDED)
        if found is None or self.ended.done():
            raise StreamEnded
        return found


class Streams:
    """Counts them by asker, and looks again at their credentials: every `check_seconds`, and when told."""

    def __init__(self, most_per_asker: int, check_seconds: float) -> None:
        self._most = most_per_asker
        self._seconds = check_seconds
        self._open: set[Stream] = set()
        self._counts: Counter[str] = Counter()
        self._looking: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(CHECKS_AT_ONCE)
        self._refused: Ending | None = None

    @property
    def count(self) -> int:
        """How many are open."""
        return len(self._open)

    @contextmanager
    def opened(self, credential: Credential, asker: Asker) -> Iterator[Stream]:
        """Open while the block runs.

        Raises RequestError, 429 where the asker has too many, 503 where none could be ended in time.
        """
        if self._refused is not None:
            raise RequestError(503, self._refused.message, self._refused.code)
        key = f"tool {asker.client_id}" if isinstance(asker, Tool) else f"user {asker.login}"
        if self._counts[key] >= self._most:
            message = f"You have {self._most} streams open, which is the limit; close one."
            raise RequestError(429, message, "TOO_MANY_STREAMS", {"Retry-After": "60"})
        stream = Stream(credential)
        self._open.add(stream)
        self._counts[key] += 1
        try:
            yield stream
        finally:
            self._open.discard(stream)
            self._counts[key] -= 1
            if not self._counts[key]:
                del self._counts[key]

    def look_again(self, account: str) -> None:
        """Something of the account ended: looks at its streams at once, and at those of tools."""
        for stream in self._open:
            if stream.credential.account in ("", account):
                task = asyncio.create_task(self._look(stream))
                self._looking.add(task)
                task.add_done_callback(self._looking.discard)

    def refuse(self, ending: Ending) -> None:
        """Ends all, and opens none until `admit`."""
        self._refused = ending
        for stream in self._open:
            stream.end(ending)

    def admit(self) -> None:
        """Opens streams again."""
        self._refused = None

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Looks again from time to time while the block runs, since nobody announces the end by rest."""
        task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            for each in (task, *self._looking):
                each.cancel()
                with suppress(asyncio.CancelledError):
                    await each

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            await asyncio.gather(*(self._look(stream) for stream in list(self._open)))

    async def _look(self, stream: Stream) -> None:
        try:
            async with self._turns:
                await stream.asker()
        except StreamEnded:
            pass
        except Exception:
            log.exception("who holds a stream can't be told")
            stream.miss()
