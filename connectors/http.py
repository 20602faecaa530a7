"""The one HTTP client: pooled, with a deadline on every call, and every failure typed.

`httpx2` is the maintained, API-compatible continuation of httpx; this is the only module that imports it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import httpx2 as httpx
import msgspec

from connectors import deadline
from connectors.errors import MalformedAnswer, UpstreamRejected, UpstreamTimeout, UpstreamUnavailable

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""The id of the request being served; sent along as `X-Request-Id`, so that both logs can be joined."""

TOO_MANY_REQUESTS = 429

T = TypeVar("T")


class Download(NamedTuple):
    """An answer whose body is still to come, as it is on the wire. Header names are lower-case."""

    status: int
    headers: dict[str, str]
    chunks: AsyncIterator[bytes]


class UpstreamClient:
    """HTTP to one back-office system.

    `timeout` is in seconds and bounds the whole call, from waiting for a connection to the last byte.
    """

    def __init__(
        self, system: str, base_url: str, *, api_key: str = "", timeout: float = 5.0, connections: int = 20
    ) -> None:
        self.system = system
        self._timeout = timeout
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._options: dict[str, Any] = {
            "base_url": base_url,
            "headers": headers,
            "timeout": None,  # our own deadlines: see _within
            "limits": httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            "trust_env": False,
        }
        self._client = httpx.AsyncClient(**self._options)

    @cached_property
    def _streams(self) -> httpx.AsyncClient:
        """A pool of its own: people who read slowly must not keep queries waiting, nor large files."""
        return httpx.AsyncClient(**self._options)

    async def close(self) -> None:
        """Close the pooled connections."""
        await self._client.aclose()
        if "_streams" in self.__dict__:
            await self._streams.aclose()

    async def get(self, path: str) -> bytes:
        """The body of `GET path`. Raises an UpstreamError."""
        return await self._call("GET", path, None, {})

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
        request = self._streams.build_request("GET", path, headers=headers)
        response = await self._within(self._timeout, self._streams.send(request, stream=True))
        try:
            self._check_availability(response)
            if response.headers.get("content-encoding", "identity") != "identity":
                raise MalformedAnswer(self.system)
            yield Download(response.status_code, dict(response.headers), self._chunks(response))
        finally:
            await response.aclose()

    async def upload(self, path: str, headers: dict[str, str], chunks: AsyncIterator[bytes]) -> bytes:
        """The body of the answer to `PUT path`, whose own body flows; each part has the timeout anew.

        Raises an UpstreamError, and what `chunks` raises: then the connection is closed before its body is
        whole.
        """
        headers = {**headers, "X-Request-Id": request_id.get()}
        loop = asyncio.get_running_loop()

        async def flowing() -> AsyncIterator[bytes]:
            async for chunk in chunks:
                limit.reschedule(loop.time() + self._timeout)
                yield chunk
            limit.reschedule(loop.time() + self._timeout)

        try:
            async with asyncio.timeout(self._timeout) as limit:
                response = await self._streams.put(path, content=flowing(), headers=headers)
        except TimeoutError as error:
            raise UpstreamTimeout(self.system) from error
        except httpx.HTTPError as error:
            raise UpstreamUnavailable(self.system) from error
        return self._accepted(response)

    async def _chunks(self, response: httpx.Response) -> AsyncIterator[bytes]:
        parts = response.aiter_raw()
        while (part := await self._within(self._timeout, anext(parts, None))) is not None:
            yield part

    async def _call(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        headers["X-Request-Id"] = request_id.get()
        answer = self._client.request(method, path, content=body, headers=headers)
        response = await self._within(deadline.remaining(self._timeout), answer)
        return self._accepted(response)

    async def _within(self, seconds: float, answer: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(seconds):
                return await answer
        except TimeoutError as error:
            raise UpstreamTimeout(self.system) from error
        except httpx.DecodingError as error:
            raise MalformedAnswer(self.system) from error
        except httpx.HTTPError as error:
            raise UpstreamUnavailable(self.system) from error

    def _accepted(self, response: httpx.Response) -> bytes:
        self._check_availability(response)
        if response.is_success:
            return response.content
        raise UpstreamRejected(self.system, response.status_code, _reason(response.content))

    def _check_availability(self, response: httpx.Response) -> None:
        if response.is_server_error or response.status_code == TOO_MANY_REQUESTS:
            raise UpstreamUnavailable(self.system)


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
