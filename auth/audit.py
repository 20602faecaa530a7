"""Who did what, with what result. No login in clear, no secret, ever."""

from typing import Protocol

from auth.store import Store

STREAM = "audit"


class AuditLog(Protocol):
    async def record(self, event: str, **fields: str) -> None:
        """Appends one event. `account` is the account's tag (an HMAC of the login), never the login."""


class StreamAudit:
    """The default: a Redis stream; the entry's id holds the time."""

    def __init__(self, store: Store, limit: int) -> None:
        self._store = store
        self._limit = limit

    async def record(self, event: str, **fields: str) -> None:
        await self._store.append(STREAM, {"event": event, **fields}, self._limit)
