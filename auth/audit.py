"""Who did what, with what result. No login in clear, no secret, ever. See docs/adr/0014-audit-chain.md."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Mapping
from typing import Protocol

from auth.audit_chain import START, Link, Seal, Walk
from auth.errors import StoreUnavailable
from auth.store import Store

logger = logging.getLogger(__name__)

STREAM = "audit"
HEAD = "{audit}:head"
ANCHOR = "{audit}:anchor"
_TRIES = 200  # of an entry; with sixteen workers that all write all the time, 50 are too few once in 25
_TRIMMED_AT_ONCE = 1000


class AuditLog(Protocol):
    @property
    def written(self) -> Mapping[tuple[str, str], int]:
        """Entries of this process by event and result; both are words of ours, few, and name nobody."""

    async def record(self, event: str, **fields: str) -> None:
        """Appends one event. `account` is the account's tag (an HMAC of the login), never the login."""


class StreamAudit:
    """The default: a Redis stream whose entries are chained by MACs; an entry's id holds time and number.

    One call an entry. Of gateways and workers on one store each learns where the chain stands when another
    was faster.
    """

    def __init__(self, store: Store, pepper: bytes, limit: int) -> None:
        self._store = store
        self._seal = Seal(pepper)
        self._chunk = max(1, min(_TRIMMED_AT_ONCE, limit // 100))
        self._trim_at = self._full = limit + self._chunk
        self._turn = asyncio.Lock()
        self._last = Link(mac="?")  # nobody's: the first answer says where the chain stands, and the time
        self._clock = 0.0  # the store's time minus our monotonic one, in seconds
        self.written: Counter[tuple[str, str]] = Counter()

    async def record(self, event: str, **fields: str) -> None:
        """Raises StoreUnavailable; the entry may be there then."""
        async with self._turn:
            entries = await self._append({"event": event, **fields})
            self.written[event, fields.get("result", "")] += 1
            if entries >= self._trim_at:
                self._trim_at = self._full if await self._trim() else entries + self._chunk

    async def _append(self, event: dict[str, str]) -> int:
        for _ in range(_TRIES):
            link, entry = self._seal.next(self._last, round((self._clock + time.monotonic()) * 1000), event)
            pairs = [text for pair in entry.items() for text in pair]
            answer = await self._store.run(
                "audit_append", [STREAM, HEAD], self._last.mac, link.entry, link.mac, *pairs
            )
            self._clock = int(answer[1]) / 1000 - time.monotonic()
            if answer[0] == "added":
                self._last = link
                return int(answer[2])
            self._last = Link.of(answer[2], answer[3]) or START
        raise StoreUnavailable("the audit's chain moves too fast")

    async def _trim(self) -> bool:
        """Lets the oldest entries go, all but the last one's name and MAC: the rest hangs on this anchor.

        False where they are not as we wrote them: then they stay, as evidence.
        """
        anchor, seal = await read_anchor(self._store, self._seal)
        oldest = await self._store.entries(STREAM, count=self._chunk)
        walk = Walk(self._seal, anchor)
        for place, entry in oldest:
            walk.see(place, entry)
        if walk.problems or walk.last.number != anchor.number + len(oldest):
            if (await read_anchor(self._store, self._seal))[1] != seal:
                return True  # another gateway trimmed meanwhile
            logger.error("the audit's chain is broken: nothing is trimmed; see `leasegraph audit verify`")
            return False
        gone = walk.last
        await self._store.run(
            "audit_trim",
            [STREAM, ANCHOR],
            seal,
            gone.entry,
            gone.mac,
            self._seal.anchor(gone),
            f"{gone.milliseconds}-{gone.number + 1}",
        )
        return True


async def read_head(store: Store) -> Link:
    """Where the chain stands."""
    held = await store.fields(HEAD)
    return Link.of(held.get("entry", ""), held.get("mac", "")) or START


async def read_anchor(store: Store, seal: Seal) -> tuple[Link, str]:
    """The last trimmed entry and the anchor's MAC; the chain's start where nothing was trimmed, or where
    the anchor is not ours."""
    held = await store.fields(ANCHOR)
    found = Link.of(held.get("entry", ""), held.get("mac", ""))
    if found is None or seal.anchor(found) != held.get("seal"):
        return START, held.get("seal", "")
    return found, held["seal"]
