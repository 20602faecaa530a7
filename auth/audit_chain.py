"""The audit's chain: what an entry carries beside its fields, and how a broken chain is told apart.

Every entry carries its name (`entry`: time in ms, number), the MAC of the entry before (`prev`) and its own
(`mac`), HMAC-SHA256 over all the others, cut to 128 bits (RFC 2104, 5). The key is derived from the pepper,
which is not in the store: who has the store alone can neither write an entry nor mend the chain.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from auth.keys import derive_key

Fields = Mapping[str, str]
Kind = Literal["changed", "missing", "inserted", "reordered", "anchor", "head"]


@dataclass(frozen=True, slots=True)
class Link:
    """Where a chain stands: the number of its last entry, that entry's time in ms since 1970, and its MAC."""

    number: int = 0
    milliseconds: int = 0
    mac: str = ""

    @property
    def entry(self) -> str:
        """The entry's name: its id in the stream, too."""
        return f"{self.milliseconds}-{self.number}"

    @classmethod
    def of(cls, entry: str, mac: str) -> "Link | None":
        """None where the name is not one of ours."""
        time, _, number = entry.partition("-")
        return cls(int(number), int(time), mac) if time.isdecimal() and number.isdecimal() else None


START = Link()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong. `first` to `last` are the numbers of the entries, `place` the id in the stream."""

    kind: Kind
    first: int = 0
    last: int = 0
    place: str = ""


class Seal:
    def __init__(self, pepper: bytes) -> None:
        self._key = derive_key(pepper, "audit")

    def _mac(self, kind: str, content: object) -> str:
        text = json.dumps([kind, content], ensure_ascii=False, separators=(",", ":"))
        return hmac.digest(self._key, text.encode(), "sha256").hex()[:32]

    def next(self, former: Link, milliseconds: int, event: Fields) -> tuple[Link, dict[str, str]]:
        """The entry that follows: where the chain then stands, and the fields to store."""
        link = Link(former.number + 1, max(milliseconds, former.milliseconds))
        entry = {**event, "entry": link.entry, "prev": former.mac}
        mac = self._mac("entry", sorted(entry.items()))
        return Link(link.number, link.milliseconds, mac), {**entry, "mac": mac}

    def genuine(self, entry: Fields) -> Link | None:
        """Where the chain stood once we had written this entry; None when we never did."""
        content = sorted((name, value) for name, value in entry.items() if name != "mac")
        if not hmac.compare_digest(entry.get("mac", "").encode(), self._mac("entry", content).encode()):
            return None
        return Link.of(entry.get("entry", ""), entry["mac"])

    def anchor(self, link: Link) -> str:
        """The MAC that lets everything up to this entry be trimmed."""
        return self._mac("anchor", [link.entry, link.mac])


@dataclass(slots=True)
class Walk:
    """Goes through a stream's entries in their order and says what is wrong, entry by entry."""

    seal: Seal
    last: Link = START
    entries: int = 0
    problems: list[Problem] = field(default_factory=list)
    _strange: list[str] = field(default_factory=list)
    _missing: list[int] = field(default_factory=list)
    _elsewhere: set[int] = field(default_factory=set)

    def see(self, place: str, entry: Fields) -> None:
        """The next entry; `place` is its id in the stream."""
        self.entries += 1
        link = self.seal.genuine(entry)
        if link is None:
            self._strange.append(place)
            return
        if place != link.entry or link.number <= self.last.number:
            self._elsewhere.add(link.number)
            self._add("reordered", link.number, place=place)
            return
        self._gap(link.number)
        if link.number == self.last.number + 1 and entry.get("prev") != self.last.mac:
            self._add("changed", self.last.number, place=self.last.entry)
        self.last = link

    def end(self, head: Link) -> None:
        """No more entries; `head` is where the store says that the chain stands."""
        self._gap(max(head.number, self.last.number) + 1)
        missing = [number for number in self._missing if number not in self._elsewhere]
        for first, last in _ranges(missing):
            self._add("missing", first, last)
        if head.number < self.last.number or (head.number == self.last.number and head.mac != self.last.mac):
            self._add("head", head.number)

    def _add(self, kind: Kind, first: int = 0, last: int = 0, *, place: str = "") -> None:
        self.problems.append(Problem(kind, first, last or first, place))

    def _gap(self, upto: int) -> None:
        """Between the last genuine entry and number `upto`: a strange entry in an absent one's place was
        changed, any other strange one was inserted, and what is still absent is missing."""
        absent = range(self.last.number + 1, upto)
        changed = set()
        for place in self._strange:
            claimed = Link.of(place, "") or START
            if claimed.number in absent and claimed.number not in changed:
                changed.add(claimed.number)
                self._add("changed", claimed.number, place=place)
            else:
                self._add("inserted", place=place)
        self._missing += [number for number in absent if number not in changed]
        self._strange.clear()


def _ranges(numbers: list[int]) -> list[tuple[int, int]]:
    """First and last of each run of neighbours."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
