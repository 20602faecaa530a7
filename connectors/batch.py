"""Decoding batch answers straight from bytes into typed records.

The whole answer is decoded in one go. Only when that fails is it taken apart, so that a malformed record
becomes that record's error and its neighbours are read.

Only what the operation reads of a record is decoded (`connectors.columns`), so a record is malformed by its
columns that are asked for.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Generic, TypeVar

import msgspec

from connectors import columns
from connectors.errors import MalformedAnswer, MalformedRecord
from connectors.finite import NotFinite, check_finite, finite_check
from connectors.projection import projection
from connectors.record import Record
from connectors.wording import are_worded

R = TypeVar("R", bound=Record)
T = TypeVar("T")
K = TypeVar("K")

MOST_PARTS = 100
"""Sets of columns of one collection that have decoders of their own; further ones are read whole."""

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, NotFinite)
"""What a decoder raises: at wrong types, at text that isn't UTF-8, at nesting without end; and we at NaN."""


class Page(msgspec.Struct, Generic[T], frozen=True, rename="camel", gc=False):
    """One group's slice of a keyset-ordered list; `next` is the position of its last item."""

    items: Sequence[T]
    has_next: bool = False
    next: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class By:
    """Whether a record belongs to a key: what `read` finds in its `attribute` says the same."""

    attribute: str
    read: Callable[[Any], object]

    def __call__(self, record: Any, key: object) -> bool:
        return self.read(record) == key


@cache
def by(attribute: str) -> By:
    """Records belong to a key by this attribute."""
    return By(attribute, attrgetter(attribute))


class _Results(msgspec.Struct, Generic[T]):
    results: list[T]


class _Pages:
    """Reads pages in one go; amounts that are `texts` must be numbers as Decimal words them."""

    __slots__ = ("_decode", "_finite", "_texts")

    def __init__(self, record: type[Record], texts: Iterable[str] = ()) -> None:
        self._decode = msgspec.json.Decoder(_Results[Page[record]]).decode  # type: ignore[valid-type]
        self._finite = finite_check(record)
        self._texts = [attrgetter(name) for name in texts]

    def __call__(self, body: bytes) -> tuple[list[Page[Any]], list[Any]] | None:
        """The pages, and the items of all of them; None where something can't be read so."""
        try:
            pages = self._decode(body).results
        except _UNREADABLE:
            return None
        items = [item for page in pages for item in page.items]
        for read in self._texts:
            if not are_worded(list(map(read, items))):
                return None
        return (pages, items) if not items or self._finite(items) else None


class _Decoders(Generic[R]):
    """For one class of records. `quick`: see `_Pages`; what it can't read is read with Decimals."""

    __slots__ = ("finite", "pages", "record", "records")

    def __init__(self, record: type[R], quick: _Pages | None = None) -> None:
        self.finite = finite_check(record)
        self.record = msgspec.json.Decoder(record)
        self.records = msgspec.json.Decoder(_Results[record | None])  # type: ignore[valid-type]
        self.pages = [*([quick] if quick else []), _Pages(record)]


class BatchDecoder(Generic[R]):
    """Decodes the answers of one collection. `noun` names its records in errors ("invoice")."""

    def __init__(self, system: str, noun: str, record: type[R]) -> None:
        self._system = system
        self._noun = noun
        self._type = record
        self._whole = _Decoders(record)
        self._parts: dict[frozenset[str], _Decoders[R]] = {}

    def records(
        self, keys: Sequence[K], body: bytes, belongs: Callable[[R, K], bool]
    ) -> list[R | MalformedRecord | None]:
        """One record, its error, or None (missing) for each key."""
        decoders = self._decoders(belongs)
        try:
            results: list[Any] = decoders.records.decode(body).results
            if not decoders.finite(results):
                raise NotFinite("to be looked at one by one")
        except _UNREADABLE:
            raws = self._apart(_Results[msgspec.Raw], body)
            results = [None if bytes(raw) == b"null" else self._one(decoders, raw) for raw in raws]
        self._check_length(keys, results)
        return [self._answers(key, record, belongs) for key, record in zip(keys, results, strict=True)]

    def pages(
        self, keys: Sequence[K], body: bytes, belongs: Callable[[R, K], bool]
    ) -> list[Page[R | MalformedRecord]]:
        """One page for each key; a malformed item stands as its error in its place."""
        decoders = self._decoders(belongs)
        for read in decoders.pages:
            found = read(body)
            if found is not None:
                pages, items = found
                self._check_length(keys, pages)
                owners = [key for key, page in zip(keys, pages, strict=True) for _ in page.items]
                if _all_belong(items, owners, belongs):
                    return pages
                break
        else:
            pages = [
                Page([self._one(decoders, raw) for raw in page.items], page.has_next, page.next)
                for page in self._apart(_Results[Page[msgspec.Raw]], body)
            ]
            self._check_length(keys, pages)
        return [
            Page([self._answers(key, item, belongs) for item in page.items], page.has_next, page.next)
            for key, page in zip(keys, pages, strict=True)
        ]

    def _decoders(self, belongs: Callable[[R, K], bool]) -> _Decoders[R]:
        """Those of what the operation reads."""
        asked, always = columns.asked.get(), self._type.always
        if asked is None or always is None or not (isinstance(belongs, By) and belongs.attribute in always):
            return self._whole
        wanted = asked.get(self._type)
        if wanted is None:
            return self._whole
        found = self._parts.get(wanted)
        if found is None:
            if len(self._parts) >= MOST_PARTS:
                return self._whole
            found = self._parts[wanted] = self._made(wanted)
        return found

    def _made(self, wanted: frozenset[str]) -> _Decoders[R]:
        texts = self._type.shown & wanted
        quick = _Pages(projection(self._type, wanted, texts), texts) if texts else None
        return _Decoders(projection(self._type, wanted), quick)

    def _apart(self, shape: type[_Results[T]], body: bytes) -> list[T]:
        try:
            return msgspec.json.decode(body, type=shape).results
        except _UNREADABLE as error:
            raise MalformedAnswer(self._system) from error

    def _check_length(self, keys: Sequence[object], results: Sequence[object]) -> None:
        if len(results) != len(keys):
            raise MalformedAnswer(self._system)

    def _one(self, decoders: _Decoders[R], raw: msgspec.Raw) -> R | MalformedRecord:
        try:
            return check_finite(decoders.record.decode(raw))
        except _UNREADABLE as error:
            return self._malformed(raw, str(error))

    def _malformed(self, raw: msgspec.Raw, reason: str) -> MalformedRecord:
        """Named as far as it can be read. A record without a field `clientNumber` is a client's own."""
        try:
            loose = msgspec.json.decode(raw, type=dict[str, Any])
        except _UNREADABLE:
            loose = {}
        known = loose.get("id") or loose.get("number")
        name = f"{self._noun} {known}" if isinstance(known, str) else self._noun
        owner = loose.get("clientNumber", loose.get("number"))
        return MalformedRecord(self._system, name, reason, owner if isinstance(owner, str) else None)

    def _answers(self, key: K, record: Any, belongs: Callable[[R, K], bool]) -> Any:
        """A record under a key that it doesn't belong to is worse than none: it may be another client's."""
        if record is None or isinstance(record, MalformedRecord) or belongs(record, key):
            return record
        return MalformedRecord(self._system, self._noun, "it does not belong to the key that was asked for")


def _all_belong(items: list[Any], owners: list[Any], belongs: Callable[[Any, Any], bool]) -> bool:
    """Whether each record belongs to its key: one comparison of two lists where that says as much."""
    if isinstance(belongs, By):
        return list(map(belongs.read, items)) == owners
    return all(map(belongs, items, owners))


def counts(system: str, keys: Sequence[object], body: bytes) -> list[int]:
    """One number for each key."""
    try:
        results = msgspec.json.decode(body, type=_Results[int]).results
    except _UNREADABLE as error:
        raise MalformedAnswer(system) from error
    if len(results) != len(keys):
        raise MalformedAnswer(system)
    return results
