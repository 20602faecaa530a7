"""The one HTTP client: pooled, with a deadline on every call, and every failure typed.

This is the only module that imports it, aiohttp: of the kept clients by far the cheapest in CPU a call.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from functools import cached_property
from typing import NamedTuple, TypeVar

import aiohttp
import msgspec
from aiohttp.http_exceptions import ContentEncodingError
from yarl import URL

from connectors import deadline
from connectors.errors import (
    MalformedAnswer,
    UpstreamError,
    UpstreamRejected,
    UpstreamTimeout,
    UpstreamUnavailable,
)

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""The id of the request being served; sent along as `X-Request-Id`, so that both logs can be joined."""

SUCCESS, REDIRECTION, TOO_MANY_REQUESTS, SERVER_ERROR = 200, 300, 429, 500
READ_BUFFER = 1 << 20
"""How many bytes of an answer may lie unread before its sender is told to wait."""

T = TypeVar("T")


class Download(NamedTuple):
    """An answer whose body is still to come, as it is on the wire. Header names are lower-case."""

    status: int
    headers: dict[str, str]
    chunks: AsyncIterator[bytes]


class _Reason(msgspec.Struct):
    code: str = ""


class _Refusal(msgspec.Struct):
    error: _Reason


def _reason(body: bytes) -> str:
    """The code of an error body in the contract's form, else nothing."""
    try:
        return msgspec.json.decode(body, type=_Refusal).error.code
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""


class UpstreamClient:
    """HTTP to one back-office system.

    `timeout` is in seconds and bounds the whole call, from waiting for a connection to the last byte.
    `reason` reads the code out of the body of a refusal, where it isn't that of the REST contract.
    """

    def __init__(
        self,
        system: str,
        base_url: str,
        *,
        api_key: str = "",
        timeout: float = 5.0,
        connections: int = 20,
        reason: Callable[[bytes], str] = _reason,
    ) -> None:
        self.system = system
        self.base_url = base_url
        self._timeout = timeout
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._connections = connections
        self._reason = reason

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
            connector=aiohttp.TCPConnector(limit=self._connections),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),  # our own deadlines: see _within
            auto_decompress=decompress,
            read_bufsize=READ_BUFFER,
        )

    async def close(self) -> None:
        """Close the pooled connections."""
        for name in ("_queries", "_streams"):
            if name in self.__dict__:
                await self.__dict__[name].close()

    async def get(self, path: str, headers: dict[str, str] | None = None) -> bytes:
        """The body of `GET path`. Raises an UpstreamError."""
        return await self._call("GET", path, None, headers or {})

    async def post(self, path: str, body: bytes, headers: dict[str, str] | None = None) -> bytes:
        """The body of the answer to a JSON `POST path`. Raises an UpstreamError."""
        return await self._call("POST", path, body, {"Content-Type": "application/json", **(headers or {})})

    @asynccontextmanager
    async def download(self, path: str, headers: dict[str, str]) -> AsyncIterator[Download]:
        """`GET path`, whatever its status below 500, read part by part; each part has the timeout anew.

        Raises an UpstreamError, also out of `chunks`. The connection is closed where the body wasn't read
        to its end.
        """
        headers = {**headers, "Accept-Encoding": "identity", "X-Request-Id": request_id.get()}
        request = self._streams.get(self._url(path), headers=headers, allow_redirects=False)
        response = await self._within(self._timeout, request)
        try:
            self._check_availability(response.status)
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
        loop, limit = asyncio.get_running_loop(), asyncio.timeout(self._timeout)
        broken: list[Exception] = []

        def go_on() -> None:
            with suppress(RuntimeError):  # the answer may come before the body is whole, and end the limit
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

        async def answer() -> tuple[int, bytes]:
            async with limit:
                return await self._answer(self._streams, "PUT", path, flowing(), headers)

        try:
            return self._accepted(*await self._within(None, answer()))
        except UpstreamError:
            if broken:
                raise broken[0] from None
            raise

    async def _chunks(self, response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
        while part := await self._within(self._timeout, response.content.readany()):
            yield part

    async def _call(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        headers = {**headers, "X-Request-Id": request_id.get()}
        answer = self._answer(self._queries, method, path, body, headers)
        return self._accepted(*await self._within(deadline.remaining(self._timeout), answer))

    async def _answer(
        self,
        session: aiohttp.ClientSession,
        method: str,
        path: str,
        body: bytes | AsyncIterator[bytes] | None,
        headers: dict[str, str],
    ) -> tuple[int, bytes]:
        async with session.request(
            method, self._url(path), data=body, headers=headers, allow_redirects=False
        ) as response:
            return response.status, await response.read()

    def _url(self, path: str) -> URL:
        """Paths come encoded."""
        return URL(self.base_url + path, encoded=True)

    async def _within(self, seconds: float | None, answer: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(seconds):
                return await answer
        except TimeoutError as error:
            raise UpstreamTimeout(self.system) from error
        except aiohttp.ClientPayloadError as error:
            if isinstance(error.__cause__, ContentEncodingError):
                raise MalformedAnswer(self.system) from error
            raise UpstreamUnavailable(self.system) from error
        except (aiohttp.ClientError, OSError) as error:
            raise UpstreamUnavailable(self.system) from error

    def _accepted(self, status: int, content: bytes) -> bytes:
        self._check_availability(status)
        if SUCCESS <= status < REDIRECTION:
            return content
        raise UpstreamRejected(self.system, status, self._reason(content))

    def _check_availability(self, status: int) -> None:
        if status >= SERVER_ERROR or status == TOO_MANY_REQUESTS:
            raise UpstreamUnavailable(self.system)
