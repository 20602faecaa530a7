"""Probes: alive (`/healthz`), and fit to serve (`/readyz`)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.errors import UpstreamError, UpstreamTimeout
from gateway.assembly import OpenSystem, Systems

_SECONDS = 2.0


def _probe(system: OpenSystem) -> Callable[[], Awaitable[None]]:
    """Asks each service of a system that something comes from: the first that fails speaks for all."""
    services = list({id(port): port for port in system.ports.values()}.values())

    async def ask() -> None:
        await asyncio.gather(*(service.health() for service in services))

    return ask


class Health:
    """Degraded is not dead: without one system much still works; without the store nobody logs in."""

    def __init__(self, store: Redis, systems: Systems) -> None:
        self._store = store
        self._systems = {each.name: _probe(each) for each in systems.all}
        self._guards = {each.name: each.guard for each in systems.all if each.guard is not None}

    async def live(self, _request: Request) -> Response:
        """200 while the process turns."""
        return JSONResponse({"status": "ok"})

    async def ready(self, _request: Request) -> Response:
        """200 `ok` or `degraded`, 503 `down` when the store is gone; each system by name, and its circuit.

        A system that fails has its error's code, `UPSTREAM_TIMEOUT` where it takes longer than `_SECONDS`.
        """
        names = list(self._systems)
        results = await asyncio.gather(
            self._ask(self._ping, late="UNAVAILABLE"), *(self._ask(self._systems[name]) for name in names)
        )
        store, *others = results
        status = "down" if store != "ok" else "ok" if set(others) <= {"ok"} else "degraded"
        told: dict[str, Any] = {
            "status": status,
            "store": store,
            "systems": dict(zip(names, others, strict=True)),
            "circuits": {name: guard.circuit for name, guard in self._guards.items()},
        }
        return JSONResponse(told, 503 if status == "down" else 200)

    async def _ping(self) -> None:
        await self._store.ping()

    async def _ask(self, probe: Callable[[], Awaitable[None]], late: str = UpstreamTimeout.code) -> str:
        try:
            async with asyncio.timeout(_SECONDS):
                await probe()
        except UpstreamError as error:
            return error.code
        except TimeoutError:
            return late
        except (RedisError, OSError):
            return "UNAVAILABLE"
        return "ok"
