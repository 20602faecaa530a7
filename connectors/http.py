"""The one HTTP client: pooled, every call through its system's guard, and every failure typed.

How HTTP is spoken is `connectors/http1/`, which only this module imports.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Hashable, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

from connectors.errors import (
    MalformedAnswer,
    UpstreamError,
    UpstreamRejected,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from connectors.http1.answer import Answer
from connectors.http1.client import Client, Opened
from connectors.http1.errors import Http1Error, NotConnected, Unreadable
from connectors.http1.unpacking import PACKINGS
from connectors.refusal import reason
from connectors.resilience import Guard
from connectors.resilience.retry_after import retry_after
from connectors.source import Source
from connectors.tls import unsafe

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""The id of the request being served; sent along as `X-Request-Id`, so that both logs can be joined."""

SUCCESS, REDIRECTION, TOO_MANY_REQUESTS, SERVER_ERROR = 200, 300, 429, 500
READ_BUFFER = 1 << 20
"""How many bytes of an answer may lie unread before its sender is told to wait."""
LARGEST_ANSWER = 64 << 20
"""Bytes, unpacked, of the largest answer that is read whole; none that is honest comes near."""
CONNECTING = 0.8
"""The part of the timeout that may pass until there is a connection. Later than that nobody could tell any
more that nothing was sent."""
_JSON = {"Content-Type": "application/json"}
_NONE: Mapping[str, str] = MappingProxyType({})


class Download(NamedTuple):
    """An answer whose body is still to come, as it is on the wire. Header names are lower-case."""

    status: int
    headers: dict[str, str]
    chunks: AsyncIterator[bytes]


class UpstreamClient:
    """HTTP to one back-office system, through a guard.

    `timeout` is in seconds and bounds the whole call, from waiting for its turn to the last byte;
    `connections` is of the guard that is made where none is given; `reason` reads the code out of the body of
    a refusal. `headers` go with every call.
    """

    def __init__(
        self,
        system: str,
        base_url: str,
        *,
        api_key: str = "",
        timeout: float = 5.0,
        connections: int = 20,
        guard: Guard | None = None,
        reason: Callable[[bytes], str] = reason,
        headers: Mapping[str, str] = _NONE,
    ) -> None:
        self.system = system
        self.guard = guard or Guard(system, timeout=timeout, connections=connections)
        self.base_url = base_url
        self._reason = reason
        self._timeout = timeout
        self._client = Client(
            base_url,
            {
                "User-Agent": "leasegraph",
                "Accept-Encoding": PACKINGS,
                **headers,
                **({"Authorization": f"Bearer {api_key}"} if api_key else {}),
            },
            connections=self.guard.connections,
            timeout=timeout * CONNECTING,
            largest=LARGEST_ANSWER,
            unread=READ_BUFFER,
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    def get(
        self, path: str, headers: dict[str, str] | None = None, *, same: Hashable | None = None
    ) -> Coroutine[Any, Any, bytes]:
        """The body of `GET path`, asked for anew unless `same` names what equals it.

        Raises an UpstreamError.
        """
        ask = partial(self._answer, "GET", path, None, headers or _NONE)
        return self.guard.call(ask, repeatable=True, same=same)

    def read(self, path: str, question: bytes) -> Coroutine[Any, Any, bytes]:
        """The body of the answer to a JSON `POST path` that only reads. Raises an UpstreamError.

        Equal questions under way are one.
        """
        ask = partial(self._answer, "POST", path, question, _JSON)
        return self.guard.call(ask, repeatable=True, same=(path, question))

    def post(
        self, path: str, body: bytes, headers: dict[str, str] | None = None
    ) -> Coroutine[Any, Any, bytes]:
        """The body of the answer to a JSON `POST path` that writes, sent once. Raises an UpstreamError."""
        ask = partial(self._answer, "POST", path, body, {**_JSON, **(headers or {})})
        return self.guard.call(ask, repeatable=False)

    async def probe(self, path: str, headers: dict[str, str] | None = None) -> bytes:
        """The body of `GET path`, which says how the system is. Raises an UpstreamError."""
        return await self.guard.probe(partial(self._answer, "GET", path, None, headers or _NONE))

    @asynccontextmanager
    async def download(
        self, path: str, headers: dict[str, str], *, repeatable: bool = True
    ) -> AsyncIterator[Download]:
        """`GET path`, whatever its status below 500, read part by part; each part has the timeout anew.

        Raises an UpstreamError, also out of `chunks`. The connection is closed where the body wasn't read
        to its end.
        """
        headers = {**headers, "Accept-Encoding": "identity", "X-Request-Id": request_id.get()}

        async def begun() -> Opened:
            try:
                opened = await self._client.open("GET", path, headers)
            except Http1Error as error:
                raise self._failure(error) from error
            try:
                self._check_availability(opened.answer)
            except UpstreamUnavailable:
                opened.close()
                raise
            return opened

        async with self.guard.stream(begun, repeatable=repeatable) as opened:
            answer = opened.answer
            try:
                if (answer.header("content-encoding") or "identity") != "identity":
                    raise MalformedAnswer(self.system)
                told = {
                    name.decode("latin-1"): value.decode("latin-1") for name, value in answer.headers.items()
                }
                yield Download(answer.status, told, self._chunks(answer))
            finally:
                opened.close()

    async def upload(self, path: str, headers: dict[str, str], chunks: AsyncIterator[bytes]) -> bytes:
        """The body of the answer to `PUT path`, whose own body flows; each part has the timeout anew.

        Raises an UpstreamError, and what `chunks` raises: then the connection is closed before its body is
        whole. Without a Content-Length it is sent in chunks; with one that it doesn't keep to, ValueError.
        """
        headers = {**headers, "Accept-Encoding": "identity", "X-Request-Id": request_id.get()}
        length = headers.pop("Content-Length", None)
        source = Source(chunks, self._timeout)

        async def put() -> bytes:
            size = None if length is None else int(length)
            async with source.limit():
                try:
                    answer = await self._client.flow("PUT", path, headers, source.chunks(), size)
                except Http1Error as error:
                    raise self._failure(error) from error
                return self._good(answer)

        with source.told():
            async with self.guard.stream(put, repeatable=False, timed=False) as answer:
                return answer

    async def _chunks(self, answer: Answer) -> AsyncIterator[bytes]:
        while True:
            try:
                async with asyncio.timeout(self._timeout):
                    part = await answer.part()
            except TimeoutError as error:
                raise UpstreamTimeout(self.system) from error
            except Http1Error as error:
                raise self._failure(error) from error
            if not part:
                return
            yield part

    async def _answer(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> bytes:
        """The body of a good answer. Raises an UpstreamError."""
        client = self._client
        request = client.request(method, path, {**headers, "X-Request-Id": request_id.get()}, body)
        try:
            connection = client.pool.rested() or await client.pool.opened()
            try:
                answer = connection.ask(request, client.largest)
                await answer.news()
            finally:
                client.pool.give_back(connection)
            if answer.error is not None:
                raise answer.error
        except Http1Error as error:
            raise self._failure(error) from error
        return answer.body() if answer.status == SUCCESS else self._good(answer)

    def _good(self, answer: Answer) -> bytes:
        if SUCCESS <= answer.status < REDIRECTION:
            return answer.body()
        self._check_availability(answer)
        raise UpstreamRejected(self.system, answer.status, self._reason(answer.body()))

    def _failure(self, error: Http1Error) -> UpstreamError:
        if isinstance(error, Unreadable):
            return MalformedAnswer(self.system)
        if not isinstance(error, NotConnected):
            return UpstreamUnavailable(self.system)
        if isinstance(error.__cause__, TimeoutError):
            return UpstreamTimeout(self.system, sent=False)
        return unsafe(self.system, error) or UpstreamUnavailable(self.system, sent=False)

    def _check_availability(self, answer: Answer) -> None:
        status = answer.status
        if status >= SERVER_ERROR or status == TOO_MANY_REQUESTS:
            wait = retry_after(answer.header("retry-after"), datetime.now(UTC))
            raise UpstreamUnavailable(self.system, status=status, retry_after=wait)
