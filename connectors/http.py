"""The one HTTP client: pooled, every call through its system's guard, and every failure typed.

This is the only module that imports it, aiohttp: of the kept clients by far the cheapest in CPU a call.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple, TypeVar

import aiohttp
from aiohttp.http_exceptions import ContentEncodingError
from yarl import URL

from connectors.errors import (
    MalformedAnswer,
    UpstreamError,
    UpstreamRejected,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from connectors.refusal import reason
from connectors.resilience import Guard
from connectors.resilience.retry_after import retry_after

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""The id of the request being served; sent along as `X-Request-Id`, so that both logs can be joined."""

SUCCESS, REDIRECTION, TOO_MANY_REQUESTS, SERVER_ERROR = 200, 300, 429, 500
READ_BUFFER = 1 << 20
"""How many bytes of an answer may lie unread before its sender is told to wait."""
LARGEST_ANSWER = 64 << 20
"""Bytes, unpacked, of the largest answer that is read whole; none that is honest comes near."""
_JSON = {"Content-Type": "application/json"}
_NONE: Mapping[str, str] = MappingProxyType({})

T = TypeVar("T")


class Download(NamedTuple):
    """An answer whose body is still to come, as it is on the wire. Header names are lower-case."""

    status: int
    headers: dict[str, str]
    chunks: AsyncIterator[bytes]


class _Broken(Exception):
    """The body that was to be sent broke off."""


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
        self._headers = {**headers, **({"Authorization": f"Bearer {api_key}"} if api_key else {})}

    @cached_property
    def _queries(self) -> aiohttp.ClientSession:
        return self._session(decompress=True)

    @cached_property
    def _streams(self) -> aiohttp.ClientSession:
        """A pool of its own: people who read slowly must not keep queries waiting, nor large files."""
        return self._session(decompress=False)

    def _session(self, *, decompress: bool) -> aiohttp.ClientSession:
        """Made within the running loop, to which its connections belong."""
        return aiohttp.ClientSession(
            headers=self._headers,
            connector=aiohttp.TCPConnector(limit=self.guard.connections),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),  # the guard keeps the time
            auto_decompress=decompress,
            read_bufsize=READ_BUFFER,
        )

    async def close(self) -> None:
        """Close the pooled connections."""
        for name in ("_queries", "_streams"):
            if name in self.__dict__:
                await self.__dict__[name].close()

    async def get(
        self, path: str, headers: dict[str, str] | None = None, *, same: Hashable | None = None
    ) -> bytes:
        """The body of `GET path`, asked for anew unless `same` names what equals it.

        Raises an UpstreamError.
        """
        return await self._call("GET", path, None, {**(headers or {})}, repeatable=True, same=same)

    async def read(self, path: str, question: bytes) -> bytes:
        """The body of the answer to a JSON `POST path` that only reads. Raises an UpstreamError.

        Equal questions under way are one.
        """
        return await self._call("POST", path, question, {**_JSON}, repeatable=True, same=(path, question))

    async def post(self, path: str, body: bytes, headers: dict[str, str] | None = None) -> bytes:
        """The body of the answer to a JSON `POST path` that writes, sent once. Raises an UpstreamError."""
        return await self._call("POST", path, body, {**_JSON, **(headers or {})}, repeatable=False)

    async def probe(self, path: str, headers: dict[str, str] | None = None) -> bytes:
        """The body of `GET path`, which says how the system is. Raises an UpstreamError."""
        headers = {**(headers or {}), "X-Request-Id": request_id.get()}
        return await self.guard.probe(lambda: self._answer(self._queries, "GET", path, None, headers))

    @asynccontextmanager
    async def download(
        self, path: str, headers: dict[str, str], *, repeatable: bool = True
    ) -> AsyncIterator[Download]:
        """`GET path`, whatever its status below 500, read part by part; each part has the timeout anew.

        Raises an UpstreamError, also out of `chunks`. The connection is closed where the body wasn't read
        to its end.
        """
        headers = {**headers, "Accept-Encoding": "identity", "X-Request-Id": request_id.get()}

        async def begun() -> aiohttp.ClientResponse:
            request = self._streams.get(self._url(path), headers=headers, allow_redirects=False)
            response = await self._typed(request)
            try:
                self._check_availability(response)
            except UpstreamUnavailable:
                response.close()
                raise
            return response

        async with self.guard.stream(begun, repeatable=repeatable) as response:
            try:
                if response.headers.get("content-encoding", "identity") != "identity":
                    raise MalformedAnswer(self.system)
                told = {name.lower(): value for name, value in response.headers.items()}
                yield Download(response.status, told, self._chunks(response))
            finally:
                response.close()

    async def upload(self, path: str, headers: dict[str, str], chunks: AsyncIterator[bytes]) -> bytes:
        """The body of the answer to `PUT path`, whose own body flows; each part has the timeout anew.

        Raises an UpstreamError, and what `chunks` raises: then the connection is closed before its body is
        whole.
        """
        headers = {**headers, "Accept-Encoding": "identity", "X-Request-Id": request_id.get()}
        loop, broken = asyncio.get_running_loop(), list[Exception]()

        async def put() -> bytes:
            limit = asyncio.timeout(self._timeout)

            def go_on() -> None:
                with suppress(
                    RuntimeError
                ):  # the answer may come before the body is whole, and end the limit
                    limit.reschedule(loop.time() + self._timeout)

            async def flowing() -> AsyncIterator[bytes]:
                try:
                    async for chunk in chunks:
                        go_on()
                        yield chunk
                except Exception as error:
                    broken.append(error)
                    raise
                go_on()

            try:
                async with limit:
                    return await self._answer(self._streams, "PUT", path, flowing(), headers)
            except UpstreamError as error:
                if broken:
                    raise _Broken from error  # not the system's failure
                raise

        try:
            async with self.guard.stream(put, repeatable=False, timed=False) as answer:
                return answer
        except _Broken:
            raise broken[0] from None

    async def _chunks(self, response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
        while True:
            try:
                async with asyncio.timeout(self._timeout):
                    part = await self._typed(response.content.readany())
            except TimeoutError as error:
                raise UpstreamTimeout(self.system) from error
            if not part:
                return
            yield part

    async def _call(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: dict[str, str],
        *,
        repeatable: bool,
        same: Hashable | None = None,
    ) -> bytes:
        headers["X-Request-Id"] = request_id.get()
        return await self.guard.call(
            lambda: self._answer(self._queries, method, path, body, headers), repeatable=repeatable, same=same
        )

    async def _answer(
        self,
        session: aiohttp.ClientSession,
        method: str,
        path: str,
        body: bytes | AsyncIterator[bytes] | None,
        headers: dict[str, str],
    ) -> bytes:
        """The body of a good answer. Raises an UpstreamError."""
        try:
            async with session.request(
                method, self._url(path), data=body, headers=headers, allow_redirects=False
            ) as response:
                content = await self._whole(response)
        except (aiohttp.ClientError, OSError) as error:
            raise self._failure(error) from error
        if SUCCESS <= response.status < REDIRECTION:
            return content
        self._check_availability(response)
        raise UpstreamRejected(self.system, response.status, self._reason(content))

    async def _whole(self, response: aiohttp.ClientResponse) -> bytes:
        """The body; not by `read()`, which unpacks a bomb in one go."""
        parts, size = list[bytes](), 0
        while part := await response.content.readany():
            size += len(part)
            if size > LARGEST_ANSWER:
                parts.clear()  # the error holds this frame
                raise MalformedAnswer(self.system) from ValueError(f"more than {LARGEST_ANSWER} bytes")
            parts.append(part)
        return b"".join(parts)

    def _url(self, path: str) -> URL:
        """Paths come encoded."""
        return URL(self.base_url + path, encoded=True)

    async def _typed(self, answer: Awaitable[T]) -> T:
        try:
            return await answer
        except (aiohttp.ClientError, OSError) as error:
            raise self._failure(error) from error

    def _failure(self, error: Exception) -> UpstreamError:
        if isinstance(error, TimeoutError):
            return UpstreamTimeout(self.system)
        if isinstance(error, aiohttp.ClientPayloadError) and isinstance(
            error.__cause__, ContentEncodingError
        ):
            return MalformedAnswer(self.system)
        return UpstreamUnavailable(self.system, sent=not isinstance(error, aiohttp.ClientConnectorError))

    def _check_availability(self, response: aiohttp.ClientResponse) -> None:
        status = response.status
        if status >= SERVER_ERROR or status == TOO_MANY_REQUESTS:
            wait = retry_after(response.headers.get("retry-after", ""), datetime.now(UTC))
            raise UpstreamUnavailable(self.system, status=status, retry_after=wait)
