"""The one HTTP client: pooled, with a deadline on every call, and every failure typed.

`httpx2` is the maintained, API-compatible continuation of httpx; this is the only module that imports it.
"""

import asyncio
from contextvars import ContextVar

import httpx2 as httpx
import msgspec

from connectors import deadline
from connectors.errors import MalformedAnswer, UpstreamRejected, UpstreamTimeout, UpstreamUnavailable

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""The id of the request being served; sent along as `X-Request-Id`, so that both logs can be joined."""

TOO_MANY_REQUESTS = 429


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
        self._client = httpx.AsyncClient(
            base_url=base_url,
            headers=headers,
            timeout=None,  # one deadline bounds the whole call, in _call
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            trust_env=False,
        )

    async def close(self) -> None:
        """Close the pooled connections."""
        await self._client.aclose()

    async def get(self, path: str) -> bytes:
        """The body of `GET path`. Raises an UpstreamError."""
        return await self._call("GET", path, None, {})

    async def post(self, path: str, body: bytes, headers: dict[str, str] | None = None) -> bytes:
        """The body of the answer to a JSON `POST path`. Raises an UpstreamError."""
        return await self._call("POST", path, body, {"Content-Type": "application/json", **(headers or {})})

    async def _call(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        headers["X-Request-Id"] = request_id.get()
        try:
            async with asyncio.timeout(deadline.remaining(self._timeout)):
                response = await self._client.request(method, path, content=body, headers=headers)
        except TimeoutError as error:
            raise UpstreamTimeout(self.system) from error
        except httpx.DecodingError as error:
            raise MalformedAnswer(self.system) from error
        except httpx.HTTPError as error:
            raise UpstreamUnavailable(self.system) from error
        if response.is_success:
            return response.content
        if response.is_server_error or response.status_code == TOO_MANY_REQUESTS:
            raise UpstreamUnavailable(self.system)
        raise UpstreamRejected(self.system, response.status_code, _reason(response.content))


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
