"""Requests a client address may make, by the generic cell rate algorithm in the store."""

import asyncio
import math
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import HTTPConnection

from auth.errors import RefusedRequest
from auth.options import AuthOptions
from auth.store import Store

Address = IPv4Address | IPv6Address


def _parse(text: str) -> Address | None:
    try:
        address = ip_address(text.strip().strip("[]").partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _trusted(address: Address, proxies: Iterable[IPv4Network | IPv6Network]) -> bool:
    return any(address in proxy for proxy in proxies)


def client_address(
    connection: HTTPConnection, proxies: tuple[IPv4Network | IPv6Network, ...]
) -> Address | None:
    """The peer, or, when the peer is a trusted proxy, the rightmost untrusted X-Forwarded-For entry."""
    peer = _parse(connection.client.host) if connection.client else None
    if peer is None or not _trusted(peer, proxies):
        return peer
    for entry in reversed(",".join(connection.headers.getlist("x-forwarded-for")).split(",")):
        address = _parse(entry)
        if address is None:
            break
        peer = address
        if not _trusted(address, proxies):
            break
    return peer


def address_bucket(address: Address | None) -> str:
    """One address in IPv4, one /64 in IPv6 (a single customer's network)."""
    if address is None:
        return "unknown"
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


class RequestRate:
    """`burst` requests may come at once. Rates of different `purpose` are counted apart."""

    def __init__(
        self, store: Store, options: AuthOptions, *, per_minute: float, burst: int, purpose: str = ""
    ) -> None:
        self._store = store
        self._proxies = options.trusted_proxies
        self._cost = max(1, round(60_000 / per_minute))
        self._burst = burst
        self._purpose = purpose

    def bucket(self, connection: HTTPConnection) -> str:
        return address_bucket(client_address(connection, self._proxies))

    async def check(self, connection: HTTPConnection) -> None:
        """Raises RefusedRequest (429) when the address has to wait, StoreUnavailable."""
        await self.check_bucket(self.bucket(connection))

    async def check_bucket(self, bucket: str) -> None:
        """As `check`, for anything that has a name."""
        key = f"auth:rate:{{{self._purpose}{bucket}}}"
        answer = await self._store.run("rate", [key], self._cost, self._burst)
        if answer[0] == "limited":
            raise RefusedRequest(429, "too_many_requests", retry_after=math.ceil(int(answer[1]) / 1000))


class Turns:
    """So many POSTs of one address are worked on at once; the others wait, in order.

    Without it one address could fill the queue of password hashes, and everybody else would get 503.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._lines: dict[str, tuple[asyncio.Semaphore, set[object]]] = {}

    @asynccontextmanager
    async def turn(self, bucket: str) -> AsyncIterator[None]:
        line, present = self._lines.setdefault(bucket, (asyncio.Semaphore(self._at_once), set()))
        present.add(me := object())
        try:
            async with line:
                yield
        finally:
            present.discard(me)
            if not present:
                del self._lines[bucket]
