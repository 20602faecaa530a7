"""One connection to the store for many callers: commands go out together, answers come in their order."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from copy import copy
from typing import Any, Final, cast

import hiredis
from redis.asyncio.connection import AbstractConnection, DefaultParser
from redis.exceptions import ConnectionError as LostConnection
from redis.exceptions import InvalidResponse, ReadOnlyError, RedisError
from redis.exceptions import TimeoutError as NoAnswer

from connectors.corking import corked
from gateway.store_counts import StoreCounts
from gateway.store_tracking import TRACK_NEXT, Lease, TrackedKeys

MOST_WAITING: Final = 10_000
"""Commands without an answer, from which on another is refused: the server hangs."""
MOST_UNSENT: Final = 32 * 2**20
"""Bytes that the server has not taken, from which on another command is refused."""

_LEAST: Final = 0.001
"""Seconds: event loops count milliseconds."""

_INCOMPLETE: Final = object()


def _never() -> bool:
    """Many ask by one connection."""
    return False


class SharedConnection(asyncio.Protocol):
    """Takes over a connection that redis-py has opened, with TLS, AUTH and SELECT behind it.

    Nothing is sent twice: a script that was sent may have run. The answer to a caller who was cancelled is
    dropped in its turn. `usable` is False once nothing more can be asked here, `lost` True once it is gone.
    `tracks`: the server was told `TRACK`, so that leases can be had.

    Errors are redis-py's: ConnectionError for all who wait where the connection is lost, TimeoutError where
    the oldest command has no answer after the connection's `socket_timeout`.
    """

    def __init__(self, connection: AbstractConnection, counts: StoreCounts, *, tracks: bool = False) -> None:
        self.connection = connection
        self._counts = counts
        self._tracked = TrackedKeys() if tracks else None
        self.usable = True
        self.lost = False
        encoder = connection.encoder
        decoding = {"encoding": encoder.encoding, "errors": encoder.encoding_errors}
        self._reader = hiredis.Reader(
            protocolError=InvalidResponse,
            replyError=DefaultParser.parse_error,
            notEnoughData=_INCOMPLETE,
            **(decoding if encoder.decode_responses else {}),
        )
        self._seconds = connection.socket_timeout or 0.0
        self._waiting: deque[tuple[asyncio.Future[Any] | None, float]] = deque()
        """With the monotonic moment of its asking; None is for an answer that nobody waits for."""
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._full = False
        writer = cast("asyncio.StreamWriter", connection._writer)  # redis-py has no public name for it
        self._before = cast("asyncio.Protocol", writer.transport.get_protocol())
        writer.transport.set_protocol(self)
        self._transport = corked(writer.transport, self._loop, _never)

    def ask(self, command: bytes) -> asyncio.Future[Any]:
        """The answer to a packed command, or the error that it is. Raises ConnectionError."""
        self._check()
        return self._ask(command)

    def ask_leased(self, command: bytes, keys: Sequence[str]) -> tuple[asyncio.Future[Any], Lease | None]:
        """The same for a command that reads these keys; None where the server tells of no changes."""
        self._check()
        if self._tracked is None:
            return self._ask(command), None
        lease = self._tracked.lease(keys)
        self._waiting.append((None, time.monotonic()))
        return self._ask(TRACK_NEXT + command), lease

    def end_leases(self, keys: Sequence[str]) -> None:
        """Those that were had until now."""
        if self._tracked is not None:
            self._tracked.changed(key.encode() for key in keys)

    def _check(self) -> None:
        if not self.usable:
            raise LostConnection("the store has closed the connection")
        if len(self._waiting) >= MOST_WAITING or (
            self._full and self._transport.get_write_buffer_size() >= MOST_UNSENT
        ):
            self._counts.refused.observe(0.0)
            raise LostConnection("too many commands wait for the store")

    def _ask(self, command: bytes) -> asyncio.Future[Any]:
        answer = self._loop.create_future()
        self._waiting.append((answer, time.monotonic()))
        if self._timer is None and self._seconds:
            self._timer = self._loop.call_later(self._seconds, self._look)
        self._transport.write(command)
        return answer

    def retire(self) -> None:
        """Closes once all who wait have their answers."""
        self.usable = False
        self._end_all_leases()
        if not self._waiting:
            self._transport.close()

    def close(self, error: RedisError) -> None:
        """At once. Whoever waits gets an error like this one."""
        self.usable = False
        self._end_all_leases()
        if not self.lost:  # else a TLS transport of Python before 3.11.5 fails
            self._transport.abort()
        if self._timer is not None:
            self._timer.cancel()
        now = time.monotonic()
        outcome = self._counts.timeout if isinstance(error, NoAnswer) else self._counts.lost
        while self._waiting:
            answer, asked = self._waiting.popleft()
            if answer is not None:
                outcome.observe(now - asked)
                if not answer.done():
                    answer.set_exception(copy(error))

    def data_received(self, data: bytes) -> None:
        reader, waiting, counts = self._reader, self._waiting, self._counts
        now = time.monotonic()
        try:
            reader.feed(data)
            while (found := reader.gets()) is not _INCOMPLETE:
                if type(found) is hiredis.PushNotification:
                    if self._tracked is not None:
                        self._tracked.told(found)
                    continue
                if not waiting:
                    raise InvalidResponse("the store answers what nobody asked")
                answer, asked = waiting.popleft()
                if isinstance(found, RedisError):
                    if isinstance(found, ReadOnlyError | LostConnection):
                        self.usable = False  # no master any more, still loading, or we are unknown now
                    if answer is None:
                        self._end_all_leases()
                        continue
                    counts.error.observe(now - asked)
                    if not answer.done():
                        answer.set_exception(found)
                elif answer is not None:
                    counts.ok.observe(now - asked)
                    if not answer.done():
                        answer.set_result(found)
        except InvalidResponse as error:
            self.close(error)
        if not self.usable:
            self.retire()

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False

    def eof_received(self) -> None:
        """The transport closes itself."""
        self.usable = False
        self._end_all_leases()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        self.close(LostConnection("the store has closed the connection" if exc is None else str(exc)))
        self._before.connection_lost(exc)  # whom redis-py asks whether it is closed

    def _end_all_leases(self) -> None:
        if self._tracked is not None:
            self._tracked.end()

    def _look(self) -> None:
        """One timer for all: it runs while somebody waits, and a little longer."""
        self._timer = None
        if not self._waiting:
            return
        left = self._waiting[0][1] + self._seconds - time.monotonic()
        if left > 0:
            self._timer = self._loop.call_later(max(left, _LEAST), self._look)
        else:
            self.close(NoAnswer(f"the store gave no answer within {self._seconds:g} s"))
