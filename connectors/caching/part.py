"""A part of the back office whose answers may come from the cache."""

from collections.abc import Callable
from functools import partial
from typing import Any

from connectors.caching.asking import Asking
from connectors.caching.reading import Ages, CachedReading
from connectors.caching.store import AnswerStore
from connectors.caching.table import AMOUNTS, READS, WRITES, Client


class CachedPart:
    """The part `name`, which `port` answers. `amounts` are the ages of what tells amounts due."""

    def __init__(self, store: AnswerStore, name: str, port: Any, ages: Ages, amounts: Ages) -> None:
        self.port = port
        self._store = store
        self.reads: dict[str, CachedReading] = {}
        for method, answer in READS.get(name, {}).items():
            allowed = amounts if method in AMOUNTS else ages
            if max(allowed) > 0:
                ask = getattr(port, method)
                self.reads[method] = CachedReading(store, port.system, method, ask, answer, allowed)
        self.writes = WRITES.get(name, {})

    async def write(self, ask: Callable[..., Any], client: Client, *given: Any) -> Any:
        """Does it, and empties what is kept of that client before anybody is told, also where it failed: the
        system may have done it."""
        try:
            return await ask(*given)
        finally:
            await self._store.empty((client(*given),))


class Asked:
    """A cached part as one operation asks it; without `asking` it reads everything anew.

    Whatever is not in the table is the port's own.
    """

    __slots__ = ("_asking", "_part")

    def __init__(self, part: CachedPart, asking: Asking | None) -> None:
        self._part = part
        self._asking = asking

    def __getattr__(self, name: str) -> Any:
        part = self._part
        if self._asking is not None and name in part.reads:
            return partial(part.reads[name], self._asking)
        found = getattr(part.port, name)
        if name in part.writes:
            return partial(part.write, found, part.writes[name])
        return found
