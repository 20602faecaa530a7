"""The audit as it is read: verified, and shown by account, time and event."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from auth.audit import ANCHOR, STREAM, read_anchor, read_head
from auth.audit_chain import START, Fields, Link, Problem, Seal, Walk
from auth.keys import KeyMaker
from auth.store import Store

_BATCH = 1000
_CHAIN = frozenset({"entry", "prev", "mac"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found; `trimmed` counts the entries that were let go before the first."""

    entries: int
    trimmed: int
    head: Link
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One event; `milliseconds` since 1970. `fields` without what belongs to the chain."""

    number: int
    milliseconds: int
    fields: Fields


class AuditTrail:
    """Every method may raise StoreUnavailable."""

    def __init__(self, store: Store, pepper: bytes) -> None:
        self._store = store
        self._seal = Seal(pepper)
        self._keys = KeyMaker(pepper)

    async def verify(self, known: Link = START) -> Verdict:
        """Walks the whole chain, while others may write and trim.

        `known` is where the chain stood at an earlier verification: so a cut end shows, and an older copy.
        """
        while True:
            anchor, seal = await read_anchor(self._store, self._seal)
            head = await read_head(self._store)
            walk = Walk(self._seal, anchor)
            met = known.number <= anchor.number
            async for place, entry in self._entries("-"):
                walk.see(place, entry)
                met = met or (walk.last.number, walk.last.mac) == (known.number, known.mac)
            if await self._store.fields(ANCHOR) and (await read_anchor(self._store, self._seal))[1] != seal:
                continue
            if anchor == START and seal:
                walk.problems.append(Problem("anchor"))
            if head.number < walk.last.number:  # written meanwhile, or the head was set back
                head = await read_head(self._store)
            walk.end(head)
            if not met and not any(each.first <= known.number <= each.last for each in walk.problems):
                cut = walk.last.number < known.number
                first = walk.last.number + 1 if cut else known.number
                walk.problems.append(Problem("missing" if cut else "changed", first, known.number))
            return Verdict(walk.entries, anchor.number, head, walk.problems)

    async def entries(
        self, *, login: str | None = None, since: int = 0, event: str | None = None
    ) -> AsyncIterator[AuditEntry]:
        """The events of a login (or of all), from `since` on (ms since 1970), oldest first.

        `event` is an event's name or the part before its dot: `login`, `first.pin`, `first`.
        """
        account = None if login is None else self._keys.of_login(login).tag
        async for place, entry in self._entries(str(since)):
            link = Link.of(place, "") or START
            named = entry.get("event", "")
            if account not in (None, entry.get("account")) or event not in (
                None, named, named.partition(".")[0]
            ):  # fmt: skip
                continue
            fields = {name: value for name, value in entry.items() if name not in _CHAIN}
            yield AuditEntry(link.number, link.milliseconds, fields)

    async def _entries(self, first: str) -> AsyncIterator[tuple[str, Fields]]:
        while True:
            batch = await self._store.entries(STREAM, first=first, count=_BATCH)
            for found in batch:
                yield found
            if len(batch) < _BATCH:
                return
            first = f"({batch[-1][0]}"
